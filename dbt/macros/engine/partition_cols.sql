{#- On Spark a day_window table is partitioned by its period: what a run empties is then a set of
    partitions. -#}
{% macro spark__partition_cols(label, required=false) -%}
    {%- if config.get('materialized') == 'day_window' -%}
        {{ label }} ({{ period_column() }})
    {%- endif -%}
{%- endmacro %}
