{#- A text without a small letter twice in a row (only Spark's patterns can name what they found). -#}
{% macro letters_once(text_expression) -%}
    {{ return(adapter.dispatch('letters_once')(text_expression)) }}
{%- endmacro %}

{% macro default__letters_once(text_expression) -%}
    {%- set once = namespace(text=text_expression) -%}
    {%- for letter in 'abcdefghijklmnopqrstuvwxyz' -%}
        {%- set once.text = "regexp_replace(" ~ once.text ~ ", '" ~ letter ~ letter ~ "+', '" ~ letter ~ "', 'g')" -%}
    {%- endfor -%}
    {{ once.text }}
{%- endmacro %}

{% macro spark__letters_once(text_expression) -%}
    regexp_replace({{ text_expression }}, '([a-z])\\1+', '$1')
{%- endmacro %}
