{#- A status column of a personal field as a message states it: a partial amendment that says nothing
    about a person leaves the status of the original standing, instead of making it "missing". -#}
{% macro stated_status(column) -%}
case when coalesce(is_partial, false) then nullif({{ column }}, 'missing') else {{ column }} end
{%- endmacro %}
