{#- How a price ends, in any currency: `round` has at most two significant digits (10.00, 150,000,
    0.99); every other price has its last digit that is not zero (19.90 and 199,000 end in 9). -#}
{% macro price_endings() -%}
    {{ return(['round', '1', '2', '3', '4', '5', '6', '7', '8', '9']) }}
{%- endmacro %}

{% macro price_ending(price) -%}
    {%- set digits = (
        "trim(leading '0' from trim(trailing '0' from replace(cast(" ~ price ~ " as string), '.', '')))"
    ) -%}
    case
        when length({{ digits }}) <= 2 then 'round'
        else substr({{ digits }}, length({{ digits }}), 1)
    end
{%- endmacro %}
