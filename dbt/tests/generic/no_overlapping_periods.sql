{#- Periods with inclusive ends of one key never overlap; rows without a start are never in force. -#}
{% test no_overlapping_periods(model, key, valid_from, valid_to) %}
with periods as (

    select
        {{ key }} as period_key,
        {{ valid_from }} as period_from,
        {{ valid_to }} as period_to,
        lead({{ valid_from }}) over (
            partition by {{ key }} order by {{ valid_from }} asc nulls last
        ) as next_from
    from {{ model }}
    where {{ valid_from }} is not null

)

select *
from periods
where
    period_to < period_from
    or (next_from is not null and (period_to is null or next_from <= period_to))
{% endtest %}
