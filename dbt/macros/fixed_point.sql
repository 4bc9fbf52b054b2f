{#- Statistics are stored as whole millionths, so that the order of summation cannot matter; null
    (not an error) where they are too many for a bigint. -#}
{% macro fixed_point(expression) -%}
    try_cast(floor(({{ expression }}) * 1e6 + 0.5) as bigint)
{%- endmacro %}

{#- A stored number of millionths, as a double again. -#}
{% macro from_fixed_point(expression) -%}
    (({{ expression }}) / 1e6)
{%- endmacro %}

{#- A measure as whole thousandths, for amounts of money and features of a risk model; null where they
    are too many for a bigint. -#}
{% macro thousandths(expression) -%}
    try_cast(floor(({{ expression }}) * 1e3 + 0.5) as bigint)
{%- endmacro %}

{#- A stored number of thousandths, as a double again. -#}
{% macro from_thousandths(expression) -%}
    (({{ expression }}) / 1e3)
{%- endmacro %}
