{#- Common table expressions that order the versions of every record that came more than once; the
    last one, `version_ranks`, has one row per version, with its content. To be written after
    `with`.

    versions: relation or earlier expression with the key columns, version_number, record_status,
    day, day_basis, sender, received_date, source_sha256, source_line, the content columns of the
    source and, with may_be_partial, is_partial. Only keys with several rows (or a partial one)
    come out: a national day has millions of others.

    - Set aside: rows of one sender, key, version and status that state different things. Without
      a version number only rows of one file compete, for the later file is the later version.
      Cancellations are never set aside: whatever else they state, they say the same.
    summary_column: boolean column of rows that only summarise a record: every other row of the
    record is later. passed: further columns of `versions` that come out unchanged. compared_within:
    columns of `versions`; only rows that agree in them can contradict each other.

    - Order: the sender with precedence last, then version numbers (an original without a number
      is version 1, any other row without one is later than all numbers), then original, amended,
      cancelled, then receipt. With version numbers the order of receipt decides nothing. -#}
{% macro version_ranks(
    versions, key_columns, source_name, may_be_partial=false, summary_column=none, passed=[], compared_within=[]
) -%}
{%- set key = key_columns | join(', ') -%}
{%- set same_version = ([key, 'sender, effective_version, record_status, unnumbered_in'] + compared_within) | join(', ') -%}
{%- set version_order = [
    'effective_version asc nulls last', 'status_order asc nulls last', 'received_date asc nulls last',
    'receipt_order asc nulls last', 'source_sha256 asc nulls last', 'source_line asc nulls last',
] | join(', ') -%}
repeated as (

    select
        {{ key }},
        count(*) as version_count
    from {{ versions }}
    group by {{ key }}
    having count(*) > 1
        {%- if may_be_partial %} or max(case when is_partial then 1 else 0 end) = 1{% endif %}

),

{{ receipts(source_name) }},

stated as (

    select
        {%- for column in key_columns %}
        versions.{{ column }},
        {%- endfor %}
        versions.source_sha256,
        versions.source_line,
        versions.sender,
        versions.received_date,
        versions.version_number,
        versions.day,
        versions.day_basis,
        coalesce(versions.record_status, 'original') as record_status,
        {{ 'versions.is_partial' if may_be_partial else 'false' }} as is_partial,
        {%- for column in passed + compared_within %}
        versions.{{ column }},
        {%- endfor %}
        {%- if summary_column %}
        case when versions.{{ summary_column }} then 0 else 1 end as summary_order,
        {%- endif %}
        repeated.version_count,
        coalesce(named.precedence, others.precedence) as sender_precedence,
        coalesce(
            versions.version_number,
            case when coalesce(versions.record_status, 'original') = 'original' then 1 end
        ) as effective_version,
        case versions.record_status when 'cancelled' then 2 when 'amended' then 1 else 0 end
            as status_order,
        case when versions.version_number is null then coalesce(deliveries.delivery_sequence, 0)
            else 0 end as receipt_order,
        case when versions.version_number is null then versions.source_sha256 end as unnumbered_in,
        {%- for column in content_columns(source_name) %}
        versions.{{ column }},
        {%- endfor %}
        {{ content_text(content_columns(source_name), 'versions') }} as content_text
    from {{ versions }} as versions
    inner join repeated
        on {% for column in key_columns -%}
        versions.{{ column }} = repeated.{{ column }}{{ ' and ' if not loop.last }}
        {%- endfor %}
    left join deliveries
        on versions.source_sha256 = deliveries.source_sha256
    left join precedences as named
        on versions.sender = named.sender
        and versions.day >= named.valid_from
        and versions.day <= coalesce(named.valid_to, versions.day)
    left join precedences as others
        on others.sender = '*'
        and versions.day >= others.valid_from
        and versions.day <= coalesce(others.valid_to, versions.day)

),

compared as (

    select
        stated.*,
        record_status <> 'cancelled'
        and (version_number is not null or not is_partial)
        and min(content_text) over (partition by {{ same_version }})
        <> max(content_text) over (partition by {{ same_version }}) as is_set_aside,
        -- the same for all rows that claim to be one version of one sender
        md5({{ content_text(
            ['sender', 'effective_version', 'record_status', 'unnumbered_in'], 'stated'
        ) }}) as same_version_key
    from stated

),

ordered as (

    select
        compared.*,
        case when not is_set_aside then row_number() over (
            partition by {{ key }}, is_set_aside
            order by {{ 'summary_order asc nulls last, ' if summary_column }}sender_precedence desc nulls last, {{ version_order }}
        ) end as version_rank
    from compared

),

bounds as (

    select
        {{ key }},
        -- a version without a day of its own takes the last stated one, else the original's
        coalesce(
            max_by(day, version_rank) filter (
                where day_basis = 'stated' and version_rank is not null
            ),
            min_by(day, version_rank) filter (where version_rank is not null)
        ) as current_day,
        max(version_rank) as last_rank,
        -- a cancellation takes nothing away from what was stated before it
        coalesce(
            max(case when not is_partial and record_status <> 'cancelled' then version_rank end),
            max(case when not is_partial then version_rank end)
        ) as complete_rank
    from ordered
    group by {{ key }}

),

last_of_senders as (

    select
        {{ key }},
        sender,
        max(version_rank) as last_rank
    from ordered
    group by {{ key }}, sender

),

version_ranks as (

    select
        {%- for column in key_columns %}
        ordered.{{ column }},
        {%- endfor %}
        ordered.source_sha256,
        ordered.source_line,
        ordered.sender,
        ordered.sender_precedence,
        ordered.version_number,
        ordered.record_status,
        ordered.received_date,
        ordered.day,
        bounds.current_day,
        ordered.version_count,
        ordered.version_rank,
        ordered.same_version_key,
        ordered.is_set_aside,
        coalesce(ordered.version_rank >= bounds.complete_rank, false) as is_since_complete,
        not ordered.is_set_aside and bounds.complete_rank is null as is_waiting,
        coalesce(bounds.complete_rank is not null and ordered.version_rank = bounds.last_rank, false)
            as is_current,
        coalesce(ordered.version_rank = last_of_senders.last_rank, false) as is_last_of_sender,
        ordered.day_basis,
        {%- for column in passed %}
        ordered.{{ column }},
        {%- endfor %}
        {%- for column in content_columns(source_name) %}
        ordered.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ordered
    inner join bounds
        on {% for column in key_columns -%}
        ordered.{{ column }} = bounds.{{ column }}{{ ' and ' if not loop.last }}
        {%- endfor %}
    left join last_of_senders
        on {% for column in key_columns -%}
        ordered.{{ column }} = last_of_senders.{{ column }} and {% endfor -%}
        ordered.sender = last_of_senders.sender

)
{%- endmacro %}
