{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ replace_window() }}"
) }}

-- What became of every row of a record that came more than once: versions, senders, contradictions.

with versions as (

    {% for source_name, facts in source_facts().items() %}
    select
        '{{ source_name }}' as source_name,
        {{ facts.record_key }} as record_key,
        day,
        current_day,
        sender,
        sender_precedence,
        received_date,
        version_number,
        record_status,
        version_rank,
        case
            when is_set_aside then 'set_aside'
            when is_waiting then 'waiting'
            when is_current then 'current'
            when is_last_of_sender then 'other_sender'
            else 'superseded'
        end as fate,
        source_sha256,
        source_line
    from {{ ref(facts.ranks) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

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
from versions
inner join {{ ref('int_calendar__days') }} as days
    on versions.day = days.day
