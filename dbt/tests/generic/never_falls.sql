{#- Within one key, in order of the number, no row has a smaller value than the one before. -#}
{% test never_falls(model, key, number, value) %}
with numbered as (

    select
        {{ key | join(', ') }},
        {{ number }} as row_no,
        {{ value }} as this_value,
        lag({{ value }}) over (
            partition by {{ key | join(', ') }} order by {{ number }} asc nulls last
        ) as value_before
    from {{ model }}

)

select *
from numbered
where this_value is null or this_value < value_before
{% endtest %}
