{{ config(materialized='day_window') }}

-- The pairs whose later row bears a day of the run.
select
    pairs.source_name,
    pairs.record_key,
    pairs.conflict_kind,
    pairs.day,
    pairs.resolution,
    trim(pairs.differing_columns) as differing_columns,
    pairs.sender,
    pairs.source_sha256,
    pairs.source_line,
    pairs.other_sender,
    pairs.other_source_sha256,
    pairs.other_source_line,
    pairs.standing_source_sha256,
    pairs.standing_source_line
from {{ ref('int_records__contradictions') }} as pairs
inner join {{ ref('int_calendar__days') }} as days
    on pairs.day = days.day
where pairs.differing_columns <> ''
