{{ config(materialized='day_window') }}

-- Every raw row of a day is accounted for: it is current, superseded by a later version or another
-- sender's, set aside because it contradicts its like, waiting for its original, or belongs to
-- another day; every current record is a consignment or describes one.
select
    counts.source_name,
    counts.day,
    cast(sum(counts.raw_rows) as bigint) as raw_rows,
    cast(sum(counts.superseded_rows) as bigint) as superseded_rows,
    cast(sum(counts.set_aside_rows) as bigint) as set_aside_rows,
    cast(sum(counts.waiting_rows) as bigint) as waiting_rows,
    cast(sum(counts.moved_out_rows) as bigint) as moved_out_rows,
    cast(sum(counts.moved_in_rows) as bigint) as moved_in_rows,
    cast(
        sum(
            counts.raw_rows - counts.superseded_rows - counts.set_aside_rows
            - counts.waiting_rows - counts.moved_out_rows + counts.moved_in_rows
        ) as bigint
    ) as current_records,
    cast(sum(counts.describing_rows) as bigint) as describing_rows,
    cast(sum(counts.consignments) as bigint) as consignments
from {{ ref('int_records__counted') }} as counts
inner join {{ ref('int_calendar__days') }} as days
    on counts.day = days.day
group by counts.source_name, counts.day
