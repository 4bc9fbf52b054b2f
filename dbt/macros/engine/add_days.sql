{#- A date plus a whole number of days, as a date. -#}
{% macro add_days(date_expression, number_of_days) -%}
    {{ return(adapter.dispatch('add_days')(date_expression, number_of_days)) }}
{%- endmacro %}

{% macro default__add_days(date_expression, number_of_days) -%}
    cast({{ date_expression }} + cast({{ number_of_days }} as integer) as date)
{%- endmacro %}

{% macro spark__add_days(date_expression, number_of_days) -%}
    date_add({{ date_expression }}, cast({{ number_of_days }} as integer))
{%- endmacro %}
