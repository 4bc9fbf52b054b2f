{{ config(materialized='ephemeral') }}

-- Every row of a record that came more than once, and what became of it, all sources in one shape.
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
