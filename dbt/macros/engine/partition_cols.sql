{#- On Spark a window-incremental table is partitioned by its period, which its `meta` names as
    window_column already: what replace_window removes is then a set of partitions. -#}
{% macro spark__partition_cols(label, required=false) -%}
    {%- if config.get('materialized') == 'incremental' -%}
        {%- set period = config.get('meta', {}).get('window_column') -%}
        {%- if period not in ('day', 'month') -%}
            {% do exceptions.raise_compiler_error(
                'an incremental model names its period (day or month) as meta.window_column: ' ~ this
            ) %}
        {%- endif -%}
        {{ label }} ({{ period }})
    {%- endif -%}
{%- endmacro %}
