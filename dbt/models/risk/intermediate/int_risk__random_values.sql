{{ config(materialized='day_window') }}

-- What random inspections say about values, by the day on which it became known: the declared customs
-- value of each consignment drawn, and the value found where it was undervalued.
with drawn as (

    select
        day,
        consignment_id,
        consignment_day,
        max(case when result = 'finding' and finding_type = 'undervaluation' then 1 else 0 end)
            as is_undervalued,
        max(
            case
                when result = 'finding' and finding_type = 'undervaluation' then found_value_vnd
            end
        ) as found_value_vnd
    from {{ ref('int_risk__inspected_consignments') }}
    where
        stratum = 'random'
        and {{ in_window('day') }}
    group by day, consignment_id, consignment_day

)

select
    drawn.day,
    drawn.consignment_id,
    drawn.consignment_day,
    cast(drawn.is_undervalued as bigint) as is_undervalued,
    drawn.found_value_vnd,
    consignments.value_vnd
from drawn
left join {{ ref('fct_consignments') }} as consignments
    on drawn.consignment_day = consignments.day
    and drawn.consignment_id = consignments.consignment_id
    and consignments.day >= (
        select min(parameters.outcome_history_from) from {{ ref('int_risk__parameters') }} as parameters
    )
