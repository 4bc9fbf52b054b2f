{#- A ratio in percent, decimal(18, 4), any size: above 100 it is not clipped. Null where the
    denominator is null or zero, or the ratio is beyond the type. Made of whole millionths, so that
    both engines round the same way. -#}
{% macro percent_in_full(numerator, denominator) -%}
    try_cast({{ share_in_millionths(numerator, denominator) }} / 1e4 as decimal(18, 4))
{%- endmacro %}

{#- A part of a whole in basis points, as a double: what is rounded stands where it is used. -#}
{% macro basis_points(part, whole) -%}
    (cast({{ part }} as double) / cast(nullif({{ whole }}, 0) as double) * 1e4)
{%- endmacro %}

{#- A double as a whole number, half up; null where it is too large for a bigint. -#}
{% macro whole_number(expression) -%}
    try_cast(floor(({{ expression }}) + 0.5) as bigint)
{%- endmacro %}
