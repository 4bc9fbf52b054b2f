{#- Columns of a declaration line that the declaration may state once for all its lines, and the name
    under which `header_fields` lists each. A reader names there what stood above the line. -#}
{% macro shared_fields() -%}
    {{ return(facts_of_customs_declaration()['for_all_lines']) }}
{%- endmacro %}

{#- `alias`.`column` where header_fields names it, else null of the same type. -#}
{% macro shared_value(alias, column) -%}
    {%- set name = shared_fields().get(column) -%}
    {%- if name -%}
    case when ';' || {{ alias }}.header_fields || ';' like '%;{{ name }};%'
        then {{ alias }}.{{ column }} end
    {%- else -%}
    case when false then {{ alias }}.{{ column }} end
    {%- endif -%}
{%- endmacro %}

{#- The select list of a copy of `alias` for another line, after line_number, is_copy, record_status
    and is_partial. -#}
{% macro copied(alias) -%}
        {{ alias }}.declaration_number,
        {{ alias }}.version_number,
        {{ alias }}.day,
        {{ alias }}.day_basis,
        {{ alias }}.sender,
        {{ alias }}.received_date,
        {{ alias }}.source_sha256,
        {{ alias }}.source_line,
        {%- for column in content_columns('customs_declaration') %}
        {{ shared_value(alias, column) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
