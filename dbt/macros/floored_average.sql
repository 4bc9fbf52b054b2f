{#- The average of a decimal(9, 3) column, floored to the thousandth: summed as integers, so that
    neither the order of rows nor the engine's division shows. -#}
{% macro floored_average(column_name) -%}
    cast(
        cast(
            floor(cast(sum(cast({{ column_name }} * 1000 as bigint)) as double) / count(*))
            as bigint
        ) * cast(0.001 as decimal(4, 3)) as decimal(9, 3)
    )
{%- endmacro %}
