{#- SQL of a fact of an indicator as an officer reads it; `number` is the fact as a double, in its own
    unit. Whole numbers and decimals get their thousands apart, in Vietnamese by points; a list loses
    its brackets; a fact that is missing is a dash. -#}
{% macro fact_text(value, value_type, number, decimals, language) -%}
    {%- set tenths = 'cast(floor(' ~ number ~ ' * 10 + 0.5) as bigint)' -%}
    {%- set whole = grouped_number('floor(' ~ number ~ ' + 0.5)') -%}
    {%- set before = grouped_number('floor(cast(' ~ tenths ~ ' as double) / 10)') -%}
    {%- set mark = "','" if language == 'vi' else "'.'" -%}
    coalesce(
        case
            when {{ value_type }} in ('integer', 'decimal') and {{ decimals }} = 0
                then {{ thousands_apart(whole, language) }}
            when {{ value_type }} in ('integer', 'decimal')
                then {{ thousands_apart(before, language) }}
                    || {{ mark }} || cast({{ tenths }} % 10 as string)
            when {{ value_type }} = 'list'
                then replace(replace(replace({{ value }}, '["', ''), '"]', ''), '","', ', ')
            else {{ value }}
        end,
        '–'
    )
{%- endmacro %}

{% macro thousands_apart(number_text, language) -%}
    {%- if language == 'vi' -%} replace({{ number_text }}, ',', '.') {%- else -%} {{ number_text }} {%- endif -%}
{%- endmacro %}

{#- A sentence whose part in ‹ › goes with the fact in it: left out where that is a dash. -#}
{% macro without_missing_parts(sentence) -%}
    translate({{ rx_replace(sentence, '‹[^›]*–[^›]*›', '') }}, '‹›', '')
{%- endmacro %}
