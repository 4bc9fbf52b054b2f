{{ config(materialized='whole_table') }}
-- Capacity of every lane in force: the most specific row wins, the office before the risk type. Of it
-- the draw gets the row's own share, or that of exploration where it is larger.
with offices as (

    select distinct
        day,
        customs_office_code
    from {{ ref('int_risk__home_subjects') }}

),

in_force as (

    select
        parameters.day,
        capacities.customs_office_code,
        capacities.lane,
        capacities.lane_order,
        capacities.risk_type,
        capacities.risk_type_priority,
        capacities.capacity_per_day,
        cast(ceil(
            cast(
                capacities.capacity_per_day * greatest(
                    capacities.random_share_basis_points,
                    coalesce(exploration.exploration_share_basis_points, 0)
                ) as double
            ) / 10000
        ) as bigint) as random_slots
    from {{ ref('int_risk__parameters') }} as parameters
    left join {{ ref('int_risk__exploration') }} as exploration
        on parameters.day = exploration.day
    inner join {{ ref('lane_capacities') }} as capacities
        on parameters.day >= capacities.valid_from
        and (capacities.valid_to is null or parameters.day <= capacities.valid_to)
    where capacities.capacity_per_day is not null

),

risk_types as (

    select
        day,
        risk_type,
        min(risk_type_priority) as risk_type_priority
    from in_force
    where risk_type <> '*'
    group by
        day,
        risk_type

),

matched as (

    select
        offices.day,
        offices.customs_office_code,
        risk_types.risk_type,
        risk_types.risk_type_priority,
        in_force.lane,
        in_force.lane_order,
        in_force.capacity_per_day,
        in_force.capacity_per_day - in_force.random_slots as score_slots,
        in_force.random_slots,
        row_number() over (
            partition by
                offices.day, offices.customs_office_code, risk_types.risk_type, in_force.lane
            order by
                case when in_force.customs_office_code = '*' then 1 else 0 end nulls last,
                case when in_force.risk_type = '*' then 1 else 0 end nulls last
        ) as specificity_rank
    from offices
    inner join risk_types
        on offices.day = risk_types.day
    inner join in_force
        on offices.day = in_force.day
        and in_force.customs_office_code in (offices.customs_office_code, '*')
        and in_force.risk_type in (risk_types.risk_type, '*')

)

select
    day,
    customs_office_code,
    risk_type,
    risk_type_priority,
    lane,
    lane_order,
    capacity_per_day,
    score_slots,
    random_slots
from matched
where specificity_rank = 1
