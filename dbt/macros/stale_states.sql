{#- What the models of stale days share: days that the run does not compute read a past that it changed,
    so their states are made again and compared with those that they were computed from.
    All read a relation `computed` (the run's days); the second and third give named queries. -#}

{#- Select of the days after the earliest computed one that are not computed. `held`: select (day). -#}
{% macro later_days(held) -%}
select held.day
from (
    {{ held }}
) as held
left join computed
    on held.day = computed.day
where
    computed.day is null
    and held.day > (select min(earliest.day) from computed as earliest)
{%- endmacro %}

{#- `<state>_reached`, one for each state: the days of `parameters` that look back, from
    <state>_history_from, to a computed day. `states`: state -> other columns that it reads. -#}
{% macro reached_days(states) -%}
{% for state, also_read in states.items() %}
{{ state }}_reached as (

    select distinct
        parameters.day,
        {% for column in also_read %}
        parameters.{{ column }},
        {% endfor %}
        parameters.{{ state }}_history_from
    from parameters
    inner join computed
        on parameters.{{ state }}_history_from <= computed.day
        and parameters.day > computed.day

){{ ',' if not loop.last }}

{% endfor %}
{%- endmacro %}

{#- `changed_<state>`, one for each of [state, columns, where it is stored, its days]: the days whose
    state, made again, differs from the stored one. `told`: how many of the columns stand beside. -#}
{% macro changed_states(states, told=0) -%}
{% for state, columns, stored, reached in states %}
changed_{{ state }} as (

    select distinct day{% for column in columns[:told] %}, {{ column }}{% endfor %} -- noqa: AM01
    from (
        select day, {{ columns | join(', ') }}, 1 as side
        from {{ state }}
        union all
        select stored.day, stored.{{ columns | join(', stored.') }}, -1 as side
        from {{ stored }} as stored
        inner join {{ reached }} as reached
            on stored.day = reached.day
    ) as both_sides
    group by day, {{ columns | join(', ') }}
    having sum(side) <> 0

){{ ',' if not loop.last }}

{% endfor %}
{%- endmacro %}
