{#- Shares that an officer reads: percentages with four digits, decimal(7, 4). Made of whole millionths,
    so that both engines round the same way. -#}
{% macro percent_from_micro(micro) -%}
    cast(({{ micro }}) / 1e4 as decimal(7, 4))
{%- endmacro %}

{#- A share in percent; null where the denominator is null or zero: nothing counted is no rate. -#}
{% macro share_in_percent(numerator, denominator) -%}
    {{ percent_from_micro(share_in_millionths(numerator, denominator)) }}
{%- endmacro %}

{#- One end of Wilson's score interval of a share, without continuity correction, in millionths (Wilson
    1927; recommended for small n and rates near 0 by Brown, Cai and DasGupta 2001). `found` of `count`,
    numbers or their SQL; count may be an effective number. `end`: low or high. -#}
{% macro wilson_micro(found, count, end) -%}
    {%- set f = 'cast(' ~ found ~ ' as double)' -%}
    {%- set n = 'cast(nullif(' ~ count ~ ', 0) as double)' -%}
    {%- set z = normal_quantile() -%}
    {%- set spread = z ~ ' * sqrt(' ~ z ~ ' * ' ~ z ~ ' + 4e0 * ' ~ f ~ ' * (1e0 - ' ~ f ~ ' / ' ~ n ~ '))' -%}
    {{ fixed_point(
        '(2e0 * ' ~ f ~ ' + ' ~ z ~ ' * ' ~ z ~ (' - ' if end == 'low' else ' + ') ~ spread
        ~ ') / (2e0 * (' ~ n ~ ' + ' ~ z ~ ' * ' ~ z ~ '))'
    ) }}
{%- endmacro %}

{% macro wilson_percent(found, count, end) -%}
    {{ percent_from_micro(wilson_micro(found, count, end)) }}
{%- endmacro %}

{#- The 97.5 % point of the standard normal distribution: two-sided 95 %. A convention of statistics and
    no setting; scoring/evaluate.py has the same. -#}
{% macro normal_quantile() -%}
    1.959963984540054e0
{%- endmacro %}
