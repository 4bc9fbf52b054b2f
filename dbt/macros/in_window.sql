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

{#- True for rows of the months that the run touches, whole months. The bounds beside the list let the
    engine skip the blocks of other months by their statistics. -#}
{% macro in_months_of_window(column_name) -%}
    {%- set days = ref('int_calendar__days') -%}
    {{ column_name }} >= (select cast(date_trunc('month', min(day)) as date) from {{ days }})
    and {{ column_name }} <= (select last_day(max(day)) from {{ days }})
    and cast(date_trunc('month', {{ column_name }}) as date) in (
        select cast(date_trunc('month', day) as date) from {{ days }}
    )
{%- endmacro %}
