{#- A text in which the number of a model stands apart from the word before it: four letters or more,
    then two digits or more (engines name what a pattern found differently). -#}
{% macro rx_number_apart(text_expression) -%}
    {{ return(adapter.dispatch('rx_number_apart')(text_expression)) }}
{%- endmacro %}

{% macro default__rx_number_apart(text_expression) -%}
    regexp_replace({{ text_expression }}, '\b([a-z]{4,})([0-9]{2,})\b', '\1 \2', 'g')
{%- endmacro %}

{% macro spark__rx_number_apart(text_expression) -%}
    regexp_replace({{ text_expression }}, '\\b([a-z]{4,})([0-9]{2,})\\b', '$1 $2')
{%- endmacro %}
