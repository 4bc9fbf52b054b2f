{#- A measure of this model equals a measure of another, day by day, within the run's days. -#}
{% test same_total_by_day(model, this_measure, other, other_measure, other_filter='true') %}
with here as (

    select day, {{ this_measure }} as total
    from {{ model }}
    where {{ in_window('day') }}
    group by day

),

there as (

    select day, {{ other_measure }} as total
    from {{ other }}
    where {{ other_filter }}
        and {{ in_window('day') }}
    group by day

)

select
    coalesce(here.day, there.day) as day,
    here.total as total_here,
    there.total as total_there
from here
full outer join there
    on here.day = there.day
where coalesce(here.total, 0) <> coalesce(there.total, 0)
{% endtest %}
