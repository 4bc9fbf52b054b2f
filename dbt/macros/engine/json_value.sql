{#- The value of a key of a JSON object, as text; null where it has none. `key`: an expression. -#}
{% macro json_value(json, key) -%}
    {{ return(adapter.dispatch('json_value')(json, key)) }}
{%- endmacro %}

{% macro default__json_value(json, key) -%}
    json_extract_string({{ json }}, '$.' || {{ key }})
{%- endmacro %}

{% macro spark__json_value(json, key) -%}
    get_json_object({{ json }}, '$.' || {{ key }})
{%- endmacro %}
