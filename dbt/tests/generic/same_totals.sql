{#- Sums of measures are the same here and in another table, key by key: what is parted adds up to the
    whole. `this_filter`, `other_filter`: the rows of each that are added up. A missing key counts as 0.
    With window_column only the run's days, or months, are read. -#}
{% test same_totals(
    model, keys, measures, other, this_filter='true', other_filter='true', window_column=none
) %}
with here as (

    select
        {{ keys | join(', ') }},
        {% for measure in measures -%}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}
    where {{ this_filter }}
        {% if window_column %}and {{ in_window(window_column) }}{% endif %}
    group by {{ keys | join(', ') }}

),

there as (

    select
        {{ keys | join(', ') }},
        {% for measure in measures -%}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ other }}
    where {{ other_filter }}
        {% if window_column %}and {{ in_window(window_column) }}{% endif %}
    group by {{ keys | join(', ') }}

)

select
    {% for key in keys -%}
    coalesce(here.{{ key }}, there.{{ key }}) as {{ key }},
    {% endfor -%}
    {% for measure in measures -%}
    here.{{ measure }} as {{ measure }}_here,
    there.{{ measure }} as {{ measure }}_there{{ ',' if not loop.last }}
    {% endfor %}
from here
full outer join there
    on {% for key in keys -%}
    here.{{ key }} = there.{{ key }}{{ ' and ' if not loop.last }}
    {%- endfor %}
where
    {% for measure in measures -%}
    coalesce(here.{{ measure }}, 0) <> coalesce(there.{{ measure }}, 0){{ ' or ' if not loop.last }}
    {%- endfor %}
{% endtest %}
