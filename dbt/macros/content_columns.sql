{#- The columns of a source in which a sender states something about a record: everything but its
    key, its version and its lineage, under the names of the staging `_versions` model. Two rows
    say the same when they agree in these. -#}
{% macro content_columns(source_name) -%}
    {{ return(source_facts()[source_name]['content_columns']) }}
{%- endmacro %}

{#- One text that is equal for two rows exactly when all the columns are (null included). -#}
{% macro content_text(columns, table_alias) -%}
    {%- for column in columns -%}
    {%- set text = 'cast(' ~ table_alias ~ '.' ~ column ~ ' as string)' -%}
    coalesce(cast(length({{ text }}) as string) || ':' || {{ text }}, '-')
    {%- if not loop.last %} || {% endif -%}
    {%- endfor -%}
{%- endmacro %}
