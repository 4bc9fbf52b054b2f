{{ config(materialized='ephemeral') }}

-- Pairs of rows that say different things about one record. Within one sender and version nobody
-- can tell which is right: both are set aside. Between senders the one with precedence stands, and
-- a column that only one of them states is no conflict.
{% set sources = source_facts() %}

with {% for source_name, facts in sources.items() %}
{{ source_name }}_rows as (

    select
        *,
        {{ facts.record_key }} as record_key,
        case when is_set_aside then row_number() over (
            partition by {{ facts.record_key }}, same_version_key, is_set_aside
            order by source_sha256 asc nulls last, source_line asc nulls last
        ) end as place_aside
    from {{ ref(facts.ranks) }}

),

{{ source_name }}_pairs as (

    select
        '{{ source_name }}' as source_name,
        this.record_key,
        case when this.is_set_aside then 'same_version' else 'between_senders' end as conflict_kind,
        greatest(this.day, that.day) as day,
        case
            when standing.version_number > this.version_number
                or (this.version_number is null and standing.received_date > this.received_date)
                then 'later_version'
            when this.is_set_aside then 'set_aside'
            when this.sender_precedence < that.sender_precedence then 'precedence'
            else 'latest_statement'
        end as resolution,
        {% for column in ['record_status'] + facts.content_columns -%}
        case when this.{{ column }} <> that.{{ column }}
            or (this.is_set_aside and (this.{{ column }} is null) <> (that.{{ column }} is null))
            then '{{ column }} ' else '' end
        {%- if not loop.last %} || {% endif %}
        {% endfor -%}
        as differing_columns,
        this.sender,
        this.source_sha256,
        this.source_line,
        that.sender as other_sender,
        that.source_sha256 as other_source_sha256,
        that.source_line as other_source_line,
        standing.source_sha256 as standing_source_sha256,
        standing.source_line as standing_source_line
    from {{ source_name }}_rows as this
    inner join {{ source_name }}_rows as that
        on this.record_key = that.record_key
        and this.is_set_aside = that.is_set_aside
    left join {{ source_name }}_rows as standing
        on this.record_key = standing.record_key
        and standing.is_current
    where (
            this.place_aside = 1
            and that.place_aside > this.place_aside
            and this.same_version_key = that.same_version_key
        )
        or (this.is_current and that.is_last_of_sender and this.sender <> that.sender)

){{ ',' if not loop.last }}

{% endfor %}
{% for source_name in sources %}
select * from {{ source_name }}_pairs
{{ 'union all' if not loop.last }}
{% endfor %}
