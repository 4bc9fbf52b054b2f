{#- The texts of a group, sorted and joined; nulls are left out. -#}
{% macro join_sorted(text_expression, separator) -%}
    {{ return(adapter.dispatch('join_sorted')(text_expression, separator)) }}
{%- endmacro %}

{% macro default__join_sorted(text_expression, separator) -%}
    string_agg({{ text_expression }}, '{{ separator }}' order by {{ text_expression }})
{%- endmacro %}

{% macro spark__join_sorted(text_expression, separator) -%}
    array_join(array_sort(collect_list({{ text_expression }})), '{{ separator }}')
{%- endmacro %}
