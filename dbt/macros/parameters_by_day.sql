{#- Select of one row a day: parameters of the law on the run's days, as columns. `columns`: name ->
    [parameter id, type]. Null when not in force, so that its rule cannot fire. An indicator asks here
    for its thresholds; what states and selection read is a column of int_risk__parameters. `days`: a
    relation or a common table expression with the column day, instead of the run's days. -#}
{% macro parameters_by_day(columns, days=none) -%}
select
    day,
    {% for name, (parameter_id, sql_type) in columns.items() %}
    {{ rule_number(parameter_id, sql_type) }} as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from {% if days is none %}{{ ref('int_rules__in_force') }}{% else %}({{ rules_in_force(days) }}) as rules{% endif %}

group by day
{%- endmacro %}
