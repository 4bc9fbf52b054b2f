-- The status in force on each day of the window, so that millions of rows join by equality.
-- A platform without a row on a day is not in the registry that day: 'unregistered' to its users.
with days as (

    select day from {{ ref('int_calendar__days') }}

)

select
    periods.platform_code,
    days.day,
    periods.platform_status
from {{ ref('int_platforms__status') }} as periods
inner join days
    on periods.valid_from <= days.day
    and (periods.valid_before is null or periods.valid_before > days.day)
