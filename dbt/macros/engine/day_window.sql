{#- `day_window`: a table that keeps earlier days. A run empties its own days first (its months, where
    meta.window_column is month), so that a day which became empty loses its rows too, and then
    inserts straight into the table. dbt's `incremental` deletes only the days that the new rows
    have, and first builds a temporary copy, which for a national day doubles the writing. Nothing
    alters a table: other columns than the model's stop the run. No Python models.
    On DuckDB all of it is one transaction. On Spark, which has none here, whole partitions go; a run
    that dies in between is repaired by the next run of the same days. -#}
{% materialization day_window, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if keeps_other_days() %}
        {%- set column_list = columns_of_the_window(sql, target_relation) | join(', ') -%}
        {% call statement('empty_window') %}
            {{ delete_periods(period_column(), in_window(period_column())) }}
        {% endcall %}
        {% call statement('main') %}
            insert into {{ target_relation }} ({{ column_list }})
            select {{ column_list }} from (
                {{ sql }}
            ) as window_rows
        {% endcall %}
    {% else %}
        {{ drop_relation_if_exists(existing_relation) }}
        {% call statement('main') %}
            {{ create_table_as(False, target_relation, sql) }}
        {% endcall %}
    {% endif %}

    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- dbt-spark's own way to append, after the partitions of the window are gone. -#}
{% materialization day_window, adapter='spark', supported_languages=['sql'] %}
    {% if keeps_other_days() %}
        {%- set emptied = delete_periods(period_column(), in_window(period_column())) -%}
        {% if emptied | trim %}
            {% do run_query(emptied) %}
        {% endif %}
    {% endif %}
    {{ return(materialization_incremental_spark()) }}
{% endmaterialization %}

{#- Whether the table stands and a run adds to it, so that its days must be emptied first. -#}
{% macro keeps_other_days() %}
    {% if not execute %}
        {{ return(false) }}
    {% endif %}
    {%- set relation = load_cached_relation(this) -%}
    {{ return(relation is not none and relation.is_table and not should_full_refresh()) }}
{% endmacro %}

{#- The column of the period that a day_window table is kept by: its meta.window_column. -#}
{% macro period_column() %}
    {%- set period = config.get('meta', {}).get('window_column') -%}
    {%- if period not in ('day', 'month') -%}
        {% do exceptions.raise_compiler_error(
            'a day_window model names its period (day or month) as meta.window_column: ' ~ this
        ) %}
    {%- endif -%}
    {{ return(period) }}
{% endmacro %}

{#- The columns of the query, when they are those of the contract, if there is one, and of the table. -#}
{% macro columns_of_the_window(sql, relation) %}
    {%- set columns = get_column_schema_from_query(sql) -%}
    {% if config.get('contract').enforced %}
        {%- set declared = get_column_schema_from_query(get_empty_schema_sql(model['columns'])) -%}
        {% if described_columns(columns) != described_columns(declared) %}
            {% do exceptions.raise_contract_error(format_columns(declared), format_columns(columns)) %}
        {% endif %}
    {% endif %}
    {%- set present = adapter.get_columns_in_relation(relation) -%}
    {% if described_columns(columns) != described_columns(present) %}
        {% do exceptions.raise_compiler_error(
            'the columns of ' ~ this ~ ' or their types changed; run `import-risk rebuild`'
            ~ ' (a full refresh would keep only the days of this run). Wanted: '
            ~ described_columns(columns) | join(', ') ~ '. Present: '
            ~ described_columns(present) | join(', ')
        ) %}
    {% endif %}
    {{ return(columns | map(attribute='name') | list) }}
{% endmacro %}

{% macro described_columns(columns) %}
    {%- set described = [] -%}
    {%- for column in columns -%}
        {%- do described.append(column.name ~ ' ' ~ column.data_type | lower) -%}
    {%- endfor -%}
    {{ return(described | sort) }}
{% endmacro %}
