{#- Whole days from one date to another. -#}
{% macro days_between(first_date, last_date) -%}
    {{ dbt.datediff(first_date, last_date, 'day') }}
{%- endmacro %}
