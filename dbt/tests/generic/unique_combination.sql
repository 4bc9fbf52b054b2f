{#- No two rows share the columns, and none of the columns is null. With window_column only the
    run's days are read: earlier days were tested by the runs that wrote them. -#}
{% test unique_combination(model, columns, window_column=none) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{% if window_column %}
where {{ in_window(window_column) }}
{% endif %}
group by {{ columns | join(', ') }}
having count(*) > 1 or {% for column in columns -%}
    {{ column }} is null{{ ' or ' if not loop.last }}
{%- endfor %}
{% endtest %}
