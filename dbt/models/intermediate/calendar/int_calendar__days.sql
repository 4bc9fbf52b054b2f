{{ config(materialized='table') }}

-- Days of the run's window, counted up from four decimal digits: no engine-specific series.
with digits as (

    select 0 as digit
    union all select 1
    union all select 2
    union all select 3
    union all select 4
    union all select 5
    union all select 6
    union all select 7
    union all select 8
    union all select 9

),

offsets as (

    select
        ones.digit
        + 10 * tens.digit
        + 100 * hundreds.digit
        + 1000 * thousands.digit as day_offset
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands

),

bounds as (

    select from_day, to_day
    from {{ source('raw', 'run_window') }}

)

select {{ add_days('bounds.from_day', 'offsets.day_offset') }} as day
from bounds
cross join offsets
where {{ add_days('bounds.from_day', 'offsets.day_offset') }} <= bounds.to_day
