{#- One parameter of a day's rules as a number; inside a group by day. Null when not in force. -#}
{% macro rule_number(parameter_id, sql_type) -%}
    cast(max(case when parameter_id = '{{ parameter_id }}' then value end) as {{ sql_type }})
{%- endmacro %}
