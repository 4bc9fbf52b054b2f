{#- One row per blank-separated word of a text; use in a select list. -#}
{% macro each_word(text_expression) -%}
    {{ return(adapter.dispatch('each_word')(text_expression)) }}
{%- endmacro %}

{% macro default__each_word(text_expression) -%}
    unnest(string_split({{ text_expression }}, ' '))
{%- endmacro %}

{% macro spark__each_word(text_expression) -%}
    explode(split({{ text_expression }}, ' '))
{%- endmacro %}
