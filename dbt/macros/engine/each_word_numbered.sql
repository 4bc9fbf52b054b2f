{#- One row per blank-separated word of a text, with its place counted from 0; use in a select list,
    where it makes the two columns. -#}
{% macro each_word_numbered(text_expression, word, place) -%}
    {{ return(adapter.dispatch('each_word_numbered')(text_expression, word, place)) }}
{%- endmacro %}

{% macro default__each_word_numbered(text_expression, word, place) -%}
    unnest(string_split({{ text_expression }}, ' ')) as {{ word }},
    generate_subscripts(string_split({{ text_expression }}, ' '), 1) - 1 as {{ place }}
{%- endmacro %}

{% macro spark__each_word_numbered(text_expression, word, place) -%}
    posexplode(split({{ text_expression }}, ' ')) as ({{ place }}, {{ word }})
{%- endmacro %}
