{#- The intervals low < x <= high of one key hold every integer once: numbered 1, 2, ... from low to
    high, each begins where the one before ends, and the first and the last alone have no bound.
    has_missing: number 0 holds missing values; it is there, once, without bounds. -#}
{% test covers_every_integer(model, key, number, low, high, has_missing=false) %}
with intervals as (

    select
        {{ key | join(', ') }},
        {{ number }} as interval_no,
        {{ low }} as low,
        {{ high }} as high,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by {{ number }} asc nulls first, {{ low }} asc nulls first
        ){{ ' - 1' if has_missing }} as expected_no,
        lag({{ high }}) over (
            partition by {{ key | join(', ') }}
            order by {{ number }} asc nulls first, {{ low }} asc nulls first
        ) as high_before,
        lead({{ number }}) over (
            partition by {{ key | join(', ') }}
            order by {{ number }} asc nulls first, {{ low }} asc nulls first
        ) as next_no
    from {{ model }}

)

select *
from intervals
where
    interval_no is null
    or interval_no <> expected_no
    or (interval_no = 0 and (low is not null or high is not null or next_no is null))
    or (interval_no = 1 and low is not null)
    or (interval_no > 1 and (low is null or high_before is null or low <> high_before))
    or (interval_no > 0 and (high is null) <> (next_no is null))
    or low >= high
{% endtest %}
