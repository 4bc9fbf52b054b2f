{{ config(materialized='ephemeral') }}

-- Every row of a record that came more than once, and what became of it, all sources in one shape.
{% set sources = versioned_records() %}

{% for source_name, ranks, record_key in sources %}
select
    '{{ source_name }}' as source_name,
    {{ record_key }} as record_key,
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
from {{ ref(ranks) }}
{{ 'union all' if not loop.last }}
{% endfor %}
