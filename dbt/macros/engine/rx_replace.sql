{#- Every match of a pattern replaced (no backslashes in the pattern: engines read them apart). -#}
{% macro rx_replace(text_expression, pattern, replacement) -%}
    {{ return(adapter.dispatch('rx_replace')(text_expression, pattern, replacement)) }}
{%- endmacro %}

{% macro default__rx_replace(text_expression, pattern, replacement) -%}
    regexp_replace({{ text_expression }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__rx_replace(text_expression, pattern, replacement) -%}
    regexp_replace({{ text_expression }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}
