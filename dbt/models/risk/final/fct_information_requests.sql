{{ config(materialized='day_window') }}
-- Lane 0: missing data is asked of whoever sent it; it never takes an inspection slot. Which risk
-- types go this way is the lane without capacity in seed lane_capacities.
with asked as (

    select
        parameters.day,
        capacities.risk_type
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('lane_capacities') }} as capacities
        on parameters.day >= capacities.valid_from
        and (capacities.valid_to is null or parameters.day <= capacities.valid_to)
    where capacities.capacity_per_day is null

),

fired as (

    select
        indicators.consignment_id,
        indicators.day,
        indicators.indicator_id,
        indicators.risk_type
    from {{ ref('fct_risk_indicators') }} as indicators
    inner join asked
        on indicators.day = asked.day
        and indicators.risk_type = asked.risk_type

)

select
    fired.day,
    subjects.sender,
    coalesce(subjects.operator_code, 'unknown') as operator_code,
    subjects.customs_office_code,
    fired.indicator_id,
    fired.risk_type,
    count(*) as consignment_count
from fired
inner join {{ ref('int_risk__home_subjects') }} as subjects
    on fired.day = subjects.day
    and fired.consignment_id = subjects.consignment_id
group by
    fired.day,
    subjects.sender,
    coalesce(subjects.operator_code, 'unknown'),
    subjects.customs_office_code,
    fired.indicator_id,
    fired.risk_type
