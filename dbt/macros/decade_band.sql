{#- A whole number (bigint) as the band of its size: how many digits, and whether it begins with 1, 2 to 4
    or 5 to 9; null below 1. Comparisons of whole numbers, so that engines cannot differ at an edge,
    the small ones first: most numbers end there. -#}
{% macro decade_band(whole_number) -%}
    case
        when {{ whole_number }} is null or {{ whole_number }} < 1 then cast(null as string)
        {% for digits in range(1, 20) %}
        when {{ whole_number }} < {{ 2 * 10 ** (digits - 1) }} then '{{ digits }}-1'
        when {{ whole_number }} < {{ 5 * 10 ** (digits - 1) }} then '{{ digits }}-2'
        {% if not loop.last %}
        when {{ whole_number }} < {{ 10 ** digits }} then '{{ digits }}-5'
        {% endif %}
        {% endfor %}
        else '19-5'
    end
{%- endmacro %}
