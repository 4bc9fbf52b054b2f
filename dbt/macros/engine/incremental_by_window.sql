{#- Incremental models of this project on DuckDB: empty the window (pre-hook), then insert straight
    into the table. dbt-duckdb's own version first builds a temporary copy, which for a national
    day doubles the writing. Differences: only the strategy `append`, no Python models, and a
    changed column list stops the run instead of altering the table. -#}
{% macro described_columns(columns) %}
    {%- set described = [] -%}
    {%- for column in columns -%}
        {%- do described.append(column.name ~ ' ' ~ column.data_type | lower) -%}
    {%- endfor -%}
    {{ return(described | sort) }}
{% endmacro %}

{% materialization incremental, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set rebuild = existing_relation is none or not existing_relation.is_table or should_full_refresh() -%}

    {% if config.get('incremental_strategy') != 'append' %}
        {% do exceptions.raise_compiler_error(
            'incremental models here use the strategy append with a replace_window pre-hook: ' ~ this
        ) %}
    {% endif %}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if rebuild %}
        {{ drop_relation_if_exists(existing_relation) }}
        {% call statement('main') %}
            {{ create_table_as(False, target_relation, sql) }}
        {% endcall %}
    {% else %}
        {% if config.get('contract').enforced %}
            {{ get_assert_columns_equivalent(sql) }}
        {% endif %}
        {%- set columns = get_column_schema_from_query(sql) -%}
        {%- set wanted = columns | map(attribute='name') | list -%}
        {%- set present = adapter.get_columns_in_relation(target_relation) -%}
        {% if described_columns(columns) != described_columns(present) %}
            {% do exceptions.raise_compiler_error(
                'the columns of ' ~ this ~ ' or their types changed; run `import-risk rebuild`'
                ~ ' (a full refresh would keep only the days of this run). Wanted: '
                ~ described_columns(columns) | join(', ') ~ '. Present: '
                ~ described_columns(present) | join(', ')
            ) %}
        {% endif %}
        {%- set column_list = wanted | join(', ') -%}
        {% call statement('main') %}
            insert into {{ target_relation }} ({{ column_list }})
            select {{ column_list }} from (
                {{ sql }}
            ) as window_rows
        {% endcall %}
    {% endif %}

    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
