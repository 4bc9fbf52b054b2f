{#- A whole number as the band of its size: how many digits, and whether it begins with 1, 2 to 4 or 5 to
    9. Text, so that engines cannot differ at an edge; null below 1. -#}
{% macro decade_band(whole_number) -%}
    case
        when {{ whole_number }} >= 1
            then cast(length(cast({{ whole_number }} as string)) as string)
                || case
                    when substr(cast({{ whole_number }} as string), 1, 1) = '1' then '-1'
                    when substr(cast({{ whole_number }} as string), 1, 1) in ('2', '3', '4') then '-2'
                    else '-5'
                end
    end
{%- endmacro %}
