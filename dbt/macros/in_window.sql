{#- True for rows whose day (or first day of the month) the run computes. -#}
{% macro in_window(column_name) -%}
    {%- if column_name == 'month' -%}
    month in (
        select cast(date_trunc('month', day) as date) from {{ source('raw', 'run_day') }}
    )
    {%- else -%}
    {{ column_name }} in (select day from {{ source('raw', 'run_day') }})
    {%- endif -%}
{%- endmacro %}
