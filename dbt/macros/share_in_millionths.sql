{#- A share as a whole number of millionths; null where the denominator is null or zero. -#}
{% macro share_in_millionths(numerator, denominator) -%}
    {{ fixed_point(
        'cast(' ~ numerator ~ ' as double) / cast(nullif(' ~ denominator ~ ', 0) as double)'
    ) }}
{%- endmacro %}
