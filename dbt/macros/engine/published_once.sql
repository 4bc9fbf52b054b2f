{#- `published_once`: a table whose rows stand once they were written. A run adds what its query gives
    and empties nothing, whichever days it computes; the query itself leaves out what stands
    ({{ this }}). Only a full refresh, or a working database made anew, writes it again. Columns are
    checked as in day_window. No Python models. -#}
{% materialization published_once, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if keeps_other_days() %}
        {%- set column_list = columns_of_the_window(sql, target_relation) | join(', ') -%}
        {% call statement('main') %}
            insert into {{ target_relation }} ({{ column_list }})
            select {{ column_list }} from (
                {{ sql }}
            ) as new_rows
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

{#- dbt-spark's own way to append. -#}
{% materialization published_once, adapter='spark', supported_languages=['sql'] %}
    {{ return(materialization_incremental_spark()) }}
{% endmaterialization %}
