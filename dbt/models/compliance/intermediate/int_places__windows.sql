{{ config(materialized='whole_table') }}
-- The windows in force on the last day held, which they end on, each with the first day of the window
-- before it; is_before_held: whether that one lies within what the states remember.
with ends as (

    {{ last_day_held() }}

),

held as (

    select min(day) as first_day_held
    from {{ ref('int_places__days') }}

),

bounds as (

    select
        rules.window_days,
        rules.min_consignments,
        rules.min_consignees,
        rules.max_points,
        ends.day as last_day,
        {{ add_days('ends.day', '1 - rules.window_days') }} as first_day,
        {{ add_days('ends.day', '1 - 2 * rules.window_days') }} as first_day_before
    from {{ ref('gathering_windows') }} as rules
    inner join ends
        on rules.valid_from <= ends.day
        and (rules.valid_to is null or rules.valid_to >= ends.day)

)

select
    bounds.window_days,
    bounds.min_consignments,
    bounds.min_consignees,
    bounds.max_points,
    bounds.last_day,
    bounds.first_day,
    bounds.first_day_before,
    coalesce(held.first_day_held <= bounds.first_day_before, false) as is_before_held
from bounds
cross join held
