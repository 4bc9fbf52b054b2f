{#- A percentage, decimal(9, 3), of an amount of money: at most a thousand percent of the largest
    amount of the contract; null (not an error) beyond. -#}
{% macro percent_of(amount, percent) -%}
    {{ exact_product(amount, percent, factor_scale=3, whole_digits=15, is_percent=true) }}
{%- endmacro %}
