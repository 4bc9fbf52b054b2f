{#- Seeds on Spark. dbt-spark writes the values into the statement itself and there turns an empty
    cell into the text 'None' and ends a literal at the first apostrophe; here a cell is a proper
    literal or null. -#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set rows = [] -%}
    {%- for row in agate_table.rows -%}
        {%- set cells = [] -%}
        {%- for name in agate_table.column_names -%}
            {%- do cells.append(
                'cast(' ~ spark_literal(row[loop.index0]) ~ ' as '
                ~ types.get(name, adapter.convert_type(agate_table, loop.index0)) ~ ')'
            ) -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set statement_text = 'insert into ' ~ this ~ ' values ' ~ rows | join(', ') -%}
    {%- if rows -%}
        {%- do adapter.add_query(statement_text, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return(statement_text) }}
{%- endmacro %}

{% macro spark_literal(value) -%}
    {{ return(
        'null' if value is none
        else "'" ~ (value | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'"
    ) }}
{%- endmacro %}
