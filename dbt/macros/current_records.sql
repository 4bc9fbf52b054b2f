{#- The current version of every record of a source: keys with one version pass untouched, of the
    others the last version stands. A version that states only what changes (a partial amendment,
    a cancellation) keeps what was stated before it: each column is the last non-null one since
    the last complete version. An amendment may have come under another declaration number, so that
    number is no part of what finds a row again, and a statement about a whole declaration is ranked at
    another line than it was delivered for (stated_line_number). Records that wait for their original, and those of which every
    version was set aside, are left out here and counted in fct_reconciliation. -#}
{% macro current_records(versions, ranks, source_name, key_columns) -%}
{%- set columns = content_columns(source_name) -%}
with ranks as (

    select * from {{ ranks }}

),

untouched as (

    select
        {%- for column in key_columns %}
        versions.{{ column }},
        {%- endfor %}
        versions.version_number,
        versions.record_status,
        versions.day,
        versions.sender,
        versions.source_sha256,
        versions.source_line,
        1 as version_count,
        {%- for column in columns %}
        versions.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ versions }} as versions
    left join ranks
        on versions.source_sha256 = ranks.source_sha256
        and versions.source_line = ranks.source_line
        {%- for column in key_columns if column != 'declaration_number' %}
        and versions.{{ column }} = ranks.{{ 'stated_' if column == 'line_number' }}{{ column }}
        {%- endfor %}
    where ranks.source_sha256 is null

),

merged as (

    select
        {%- for column in key_columns %}
        {{ column }},
        {%- endfor %}
        max_by(version_number, version_rank) filter (
            where is_since_complete and version_number is not null
        ) as version_number,
        max_by(record_status, version_rank) as record_status,
        max(current_day) as day,
        max_by(sender, version_rank) as sender,
        max_by(source_sha256, version_rank) as source_sha256,
        max_by(source_line, version_rank) as source_line,
        max(version_count) as version_count,
        {%- for column in columns %}
        max_by({{ column }}, version_rank) filter (
            where is_since_complete and {{ column }} is not null
        ) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranks
    where not is_waiting and not is_set_aside
    group by {{ key_columns | join(', ') }}

)

select * from untouched
union all
select * from merged
{%- endmacro %}
