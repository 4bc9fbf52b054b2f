{#- A whole number as text with a comma before every third digit. -#}
{% macro grouped_number(expression) -%}
    {{ return(adapter.dispatch('grouped_number')(expression)) }}
{%- endmacro %}

{% macro default__grouped_number(expression) -%}
    format('{:,}', cast({{ expression }} as bigint))
{%- endmacro %}

{% macro spark__grouped_number(expression) -%}
    format_number(cast({{ expression }} as bigint), 0)
{%- endmacro %}
