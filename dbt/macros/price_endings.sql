{#- How a price ends, in any currency and of any size: `round` has one significant digit (10.00,
    200,000); every other price has its last digit that is not zero (9.90, 199,000 and 99 end in 9).
    More digits would make every price below ten euros round, and tell currencies instead of habits. -#}
{% macro price_endings() -%}
    {{ return(['round', '1', '2', '3', '4', '5', '6', '7', '8', '9']) }}
{%- endmacro %}

{% macro price_ending(price) -%}
    {%- set digits = (
        "trim(leading '0' from trim(trailing '0' from replace(cast(" ~ price ~ " as string), '.', '')))"
    ) -%}
    case
        when length({{ digits }}) = 1 then 'round'
        else substr({{ digits }}, length({{ digits }}), 1)
    end
{%- endmacro %}
