{{ config(materialized='whole_table') }}
-- The windows in force on the last day held, which they end on, each with the first day of the window
-- before it; is_before_held: whether that one lies within what the state remembers.
with ends as (

    {{ last_day_held() }}

),

looks_back as (

    {{ parameters_by_day({
        'age_days': ['VELOCITY_AGE_DAYS', 'integer'],
    }, days='ends') }}

),

held as (

    select min(day) as first_day_held
    from {{ ref('int_risk__entity_days') }}

),

bounds as (

    select
        rules.window_days,
        rules.min_consignments,
        rules.max_entities,
        looks_back.day as last_day,
        {{ add_days('looks_back.day', '1 - rules.window_days') }} as first_day,
        {{ add_days('looks_back.day', '1 - 2 * rules.window_days') }} as first_day_before,
        {{ add_days('looks_back.day', '-looks_back.age_days') }} as first_day_of_age
    from {{ ref('velocity_windows') }} as rules
    inner join looks_back
        on rules.valid_from <= looks_back.day
        and (rules.valid_to is null or rules.valid_to >= looks_back.day)

)

select
    bounds.window_days,
    bounds.min_consignments,
    bounds.max_entities,
    bounds.last_day,
    bounds.first_day,
    bounds.first_day_before,
    bounds.first_day_of_age,
    coalesce(held.first_day_held <= bounds.first_day_before, false) as is_before_held
from bounds
cross join held
