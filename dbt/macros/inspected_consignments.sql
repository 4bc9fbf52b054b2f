{#- Select of the inspection results that became known on the days in `parameters` (day,
    outcome_history_from), with the consignment that each speaks of. -#}
{% macro inspected_consignments(parameters) -%}
with outcomes as (

    select
        parameters.day,
        parameters.outcome_history_from,
        outcomes.inspection_id,
        outcomes.consignment_reference,
        outcomes.line_number,
        case when outcomes.selection_method = 'random' then 'random' else 'targeted' end as stratum,
        outcomes.result,
        outcomes.finding_type
    from {{ ref('stg_enforcement__inspection_outcomes') }} as outcomes
    inner join {{ parameters }} as parameters
        on outcomes.known_date = parameters.day
    where outcomes.result <> 'pending'

),

recent as (

    select
        consignments.consignment_id,
        consignments.day,
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
        outcomes.day,
        outcomes.stratum,
        outcomes.result,
        outcomes.finding_type
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
    {{ 'union' if not loop.last }}
    {% endfor %}

)

select
    day,
    consignment_id,
    consignment_day,
    stratum,
    result,
    finding_type
from linked
{%- endmacro %}
