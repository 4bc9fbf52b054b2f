{#- What a value is in VND: as stated, else by the rate of the day, decimal(18, 6). Like every amount
    of the contract it has at most 14 digits before the point; a larger one is no value: null. -#}
{% macro value_in_vnd(stated_value, declared_value, exchange_rate) -%}
    coalesce(
        cast(try_cast({{ stated_value }} as decimal(16, 2)) as decimal(18, 2)),
        {{ exact_product(declared_value, exchange_rate, factor_scale=6, whole_digits=14) }}
    )
{%- endmacro %}
