{#- The expression holds for every row (of the run's days, with window_column). An unknown result
    passes: write `is not null` into the expression where null would be wrong. -#}
{% test expression_is_true(model, expression, window_column=none) %}
select *
from {{ model }}
where not ({{ expression }})
{% if window_column %}
    and {{ in_window(window_column) }}
{% endif %}
{% endtest %}
