-- The table of item names of each day of the run. Looked up by day first, so that millions of
-- consignments then join by equality.
select
    days.day,
    periods.period_no,
    periods.model_version
from {{ ref('int_calendar__days') }} as days
inner join {{ ref('stg_items__periods') }} as periods
    on days.day >= periods.valid_from
    and (periods.valid_to is null or days.day <= periods.valid_to)
