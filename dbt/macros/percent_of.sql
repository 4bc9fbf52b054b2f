{#- A percentage of an amount of money, in decimals; null (not an error) where it does not fit. -#}
{% macro percent_of(amount, percent) -%}
    try_cast(({{ amount }}) * {{ percent }} * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}
