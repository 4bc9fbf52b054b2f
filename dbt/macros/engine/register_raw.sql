{#- Start of a dbt command on an engine that does not hold schema `raw` itself: tables over the
    Parquet files that `ingest/raw_export.py` lists (one row per table: name, columns, folder).
    Nothing is copied; on DuckDB ingest has made the schema already. -#}
{% macro register_raw() -%}
    {{ return(adapter.dispatch('register_raw')()) }}
{%- endmacro %}

{% macro default__register_raw() -%}
{%- endmacro %}

{% macro spark__register_raw() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        {%- set listing = env_var('IMPORT_RISK_RAW_TABLES') -%}
        {%- do run_query('create schema if not exists raw') -%}
        {%- for row in run_query('select table_name, column_list, folder from json.`' ~ listing ~ '`') -%}
            {%- do run_query('drop table if exists raw.' ~ row[0]) -%}
            {%- do run_query(
                'create table raw.' ~ row[0] ~ ' (' ~ row[1] ~ ') using parquet location \'' ~ row[2] ~ '\''
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
