{#- What a platform's numbers have in common: how they begin and how long they are. -#}
{% macro order_sign(number) -%}
    lower(substr({{ number }}, 1, 3)) || '#' || cast(length({{ number }}) as string)
{%- endmacro %}
