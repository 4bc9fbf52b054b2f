{#- True for rows whose day (or first day of the month) lies in the run's window. -#}
{% macro in_window(column_name) -%}
    {%- if column_name == 'month' -%}
    month >= (
        select cast(date_trunc('month', min(from_day)) as date)
        from {{ source('raw', 'run_window') }}
    )
    and month <= (select max(to_day) from {{ source('raw', 'run_window') }})
    {%- else -%}
    {{ column_name }} >= (select min(from_day) from {{ source('raw', 'run_window') }})
    and {{ column_name }} <= (select max(to_day) from {{ source('raw', 'run_window') }})
    {%- endif -%}
{%- endmacro %}
