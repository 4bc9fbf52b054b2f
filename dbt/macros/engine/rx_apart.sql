{#- Every match of a pattern with a blank on both sides (engines name a match differently). -#}
{% macro rx_apart(text_expression, pattern) -%}
    {{ return(adapter.dispatch('rx_apart')(text_expression, pattern)) }}
{%- endmacro %}

{% macro default__rx_apart(text_expression, pattern) -%}
    regexp_replace({{ text_expression }}, '({{ pattern }})', ' \1 ', 'g')
{%- endmacro %}

{% macro spark__rx_apart(text_expression, pattern) -%}
    regexp_replace({{ text_expression }}, '({{ pattern }})', ' $1 ')
{%- endmacro %}
