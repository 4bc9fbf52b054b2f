{#- Half-open periods of one key follow each other without a hole: each ends where the next begins. -#}
{% test no_gaps(model, key, valid_from, valid_before) %}
with periods as (

    select
        {{ key }} as period_key,
        {{ valid_from }} as period_from,
        {{ valid_before }} as period_before,
        lead({{ valid_from }}) over (
            partition by {{ key }} order by {{ valid_from }} asc nulls last
        ) as next_from
    from {{ model }}

)

select *
from periods
where
    (next_from is null and period_before is not null)
    or (next_from is not null and (period_before is null or period_before <> next_from))
{% endtest %}
