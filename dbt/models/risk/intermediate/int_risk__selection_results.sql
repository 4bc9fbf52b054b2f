-- What is known today of every selection. A selection without a result is unlabelled: null, not 0.
with found as (

    select
        consignment_id,
        consignment_day,
        finding_type,
        max(case when result = 'finding' then 1 else 0 end) as has_finding,
        max(case when result = 'finding' then found_value_vnd end) as found_value_vnd
    from {{ ref('int_risk__inspected_consignments') }}
    group by
        consignment_id,
        consignment_day,
        finding_type

),

results as (

    select
        consignment_id,
        consignment_day,
        max(has_finding) as has_finding,
        cast(sum(found_value_vnd) as decimal(38, 2)) as found_value_vnd
    from found
    group by
        consignment_id,
        consignment_day

)

select
    selections.consignment_id,
    selections.day,
    selections.customs_office_code,
    selections.lane,
    selections.selection_method,
    selections.risk_type,
    selections.model_version,
    results.has_finding,
    case
        when results.has_finding is null then null
        when matching.has_finding = 1 then 1
        else 0
    end as has_matching_finding,
    results.found_value_vnd
from {{ ref('fct_selections') }} as selections
left join results
    on selections.day = results.consignment_day
    and selections.consignment_id = results.consignment_id
left join found as matching
    on selections.day = matching.consignment_day
    and selections.consignment_id = matching.consignment_id
    and selections.risk_type = matching.finding_type
