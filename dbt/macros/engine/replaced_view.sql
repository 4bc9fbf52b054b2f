{#- `replaced_view`: a view that one statement replaces. dbt's `view` makes the new one beside the old,
    renames both and drops one: a second transaction and four statements more for each of some
    hundred and twenty views, which a small day pays as a large one does.
    What stood there as something else goes first. No Python models, contracts or grants. -#}
{% materialization replaced_view, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing_relation is not none and not existing_relation.is_view %}
        {{ drop_relation_if_exists(existing_relation) }}
    {% endif %}
    {% call statement('main') %}
        create or replace view {{ target_relation }} as ({{ sql }})
    {% endcall %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
