{{ config(materialized='day_window') }}

-- What became of every row of a record that came more than once: versions, senders, contradictions.
select
    versions.source_name,
    versions.record_key,
    versions.day,
    versions.current_day,
    versions.fate,
    versions.sender,
    versions.sender_precedence,
    versions.received_date,
    versions.version_number,
    versions.record_status,
    cast(versions.version_rank as bigint) as version_rank,
    versions.source_sha256,
    versions.source_line
from {{ ref('int_records__fates') }} as versions
inner join {{ ref('int_calendar__days') }} as days
    on versions.day = days.day
