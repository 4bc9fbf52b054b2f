{#- A share squared, in whole quadrillionths (10^15 is the whole market), so that the order of summation
    cannot matter and both engines add alike. A unit errs by at most half of one. -#}
{% macro squared_share(value, total) -%}
    cast(
        floor(
            cast({{ value }} as double) / cast(nullif({{ total }}, 0) as double)
            * (cast({{ value }} as double) / cast(nullif({{ total }}, 0) as double))
            * 1e15 + 0.5
        ) as bigint
    )
{%- endmacro %}

{#- Herfindahl-Hirschman index, 0 to 10,000, decimal(18, 6), of a sum of squared shares. -#}
{% macro hhi_of(squares) -%}
    try_cast(floor(cast({{ squares }} as double) / 1e5 + 0.5) / 1e6 as decimal(18, 6))
{%- endmacro %}

{#- 10,000 / HHI: how many equal units would be as concentrated; null where nothing is known. -#}
{% macro effective_number_of(squares) -%}
    try_cast(
        floor(1e15 / cast(nullif({{ squares }}, 0) as double) * 1e6 + 0.5) / 1e6 as decimal(18, 6)
    )
{%- endmacro %}
