{#- Select of one row a day: parameters of the law on the run's days, as columns. `columns`: name ->
    [parameter id, type]. Null when not in force, so that its rule cannot fire. An indicator asks here
    for its thresholds; what states and selection read is a column of int_risk__parameters. -#}
{% macro parameters_by_day(columns) -%}
select
    day,
    {% for name, (parameter_id, sql_type) in columns.items() %}
    {{ rule_number(parameter_id, sql_type) }} as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_rules__in_force') }}
group by day
{%- endmacro %}
