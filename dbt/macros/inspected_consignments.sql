{#- Select of the inspection results that became known on the days in `parameters` (day,
    outcome_history_from), with the consignment that each speaks of: its office, the method and the
    probability that the inspectors state, and the value found where it is stated in VND. Of two
    inspections of the same stratum and result on one day the larger statement counts. -#}
{% macro inspected_consignments(parameters) -%}
with outcomes as (

    select
        parameters.day,
        parameters.outcome_history_from,
        outcomes.inspection_id,
        outcomes.consignment_reference,
        outcomes.line_number,
        case when outcomes.selection_method = 'random' then 'random' else 'targeted' end as stratum,
        outcomes.selection_method as reported_method,
        outcomes.selection_probability,
        outcomes.result,
        outcomes.finding_type,
        case when outcomes.currency_code = 'VND' then outcomes.found_value end as found_value_vnd
    from {{ ref('stg_enforcement__inspection_outcomes') }} as outcomes
    inner join {{ parameters }} as parameters
        on outcomes.known_date = parameters.day
    where outcomes.result <> 'pending'

),

recent as (

    select
        consignments.consignment_id,
        consignments.day,
        consignments.customs_office_code,
        consignments.house_waybill_number,
        consignments.declaration_number,
        consignments.line_number
    from {{ ref('fct_consignments') }} as consignments
    where
        consignments.is_active
        and consignments.day >= (
            select min(outcome_history_from) from {{ parameters }}
        )

),

linked as (

    {% for column in ['house_waybill_number', 'declaration_number'] %}
    select
        recent.consignment_id,
        recent.day as consignment_day,
        recent.customs_office_code,
        outcomes.day,
        outcomes.stratum,
        outcomes.reported_method,
        outcomes.selection_probability,
        outcomes.result,
        outcomes.finding_type,
        outcomes.found_value_vnd
    from recent
    inner join outcomes
        on recent.{{ column }} = outcomes.consignment_reference
        and recent.day >= outcomes.outcome_history_from
        and recent.day <= outcomes.day
        and (
            outcomes.line_number is null
            or recent.line_number is null
            or outcomes.line_number = recent.line_number
        )
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    day,
    consignment_id,
    consignment_day,
    stratum,
    result,
    finding_type,
    max(customs_office_code) as customs_office_code,
    max(reported_method) as reported_method,
    max(selection_probability) as selection_probability,
    max(found_value_vnd) as found_value_vnd
from linked
group by
    day,
    consignment_id,
    consignment_day,
    stratum,
    result,
    finding_type
{%- endmacro %}
