{#- Statistics are stored as whole millionths, so that the order of summation cannot matter. -#}
{% macro fixed_point(expression) -%}
    cast(floor(({{ expression }}) * 1e6 + 0.5) as bigint)
{%- endmacro %}

{#- A stored number of millionths, as a double again. -#}
{% macro from_fixed_point(expression) -%}
    (({{ expression }}) / 1e6)
{%- endmacro %}
