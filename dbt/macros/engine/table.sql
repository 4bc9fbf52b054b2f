{#- Tables of this project on DuckDB: dropped and made again in one transaction, so a reader of the
    file sees the old table or the new one. dbt-duckdb's own version builds beside, renames twice
    and drops afterwards: five statements and a second transaction for each of some sixty tables,
    of which most are small. No Python models, indexes or grants. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {{ drop_relation_if_exists(existing_relation) }}
    {% call statement('main') %}
        {{ create_table_as(False, target_relation, sql) }}
    {% endcall %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
