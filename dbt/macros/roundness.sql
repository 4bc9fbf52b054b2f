{#- How round a stated number is: 0 has decimals, then the trailing zeros of a whole number, three at
    most, plus one; in thousandths. Null where there is no number. -#}
{% macro roundness(number) -%}
    case
        when {{ number }} is null then null
        when {{ number }} <> floor({{ number }}) then 0
        when mod({{ number }}, 1000) = 0 then 4000
        when mod({{ number }}, 100) = 0 then 3000
        when mod({{ number }}, 10) = 0 then 2000
        else 1000
    end
{%- endmacro %}
