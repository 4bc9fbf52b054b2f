{#- A whole number (bigint) as the band of its size: how many digits, and whether it begins with 1, 2 to 4
    or 5 to 9; null below 1. Comparisons of whole numbers, so that engines cannot differ at an edge,
    the small ones first: most numbers end there. -#}
{% macro decade_band(whole_number) -%}
    {%- set zeros = [
        '', '0', '00', '000', '0000', '00000', '000000', '0000000',
        '00000000', '000000000', '0000000000', '00000000000',
        '000000000000', '0000000000000', '00000000000000',
        '000000000000000', '0000000000000000',
        '00000000000000000', '000000000000000000',
    ] -%}
    case
        when {{ whole_number }} is null or {{ whole_number }} < 1 then cast(null as string)
        {% for tail in zeros %}
        when {{ whole_number }} < 2{{ tail }} then '{{ loop.index }}-1'
        when {{ whole_number }} < 5{{ tail }} then '{{ loop.index }}-2'
        {% if not loop.last %}
        when {{ whole_number }} < 10{{ tail }} then '{{ loop.index }}-5'
        {% endif %}
        {% endfor %}
        else '{{ zeros | length }}-5'
    end
{%- endmacro %}
