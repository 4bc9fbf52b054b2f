{#- The mean of a column of money, floored to the hundredth: whole hundredths are summed, so that the
    order of rows does not show. -#}
{% macro mean_of_money(column_name) -%}
    cast(
        cast(floor(cast(sum(cast({{ column_name }} * 100 as bigint)) as double) / count(*)) as bigint)
        * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
    )
{%- endmacro %}

{#- Conventions of the bootstrap, no settings: 200 replicates: 25 hashes, named by letters, of 32
    hexadecimal digits each, which make eight draws of four digits; 95 % stands between the 5th and the 195th of 200. -#}
{% macro bootstrap_blocks() %}{{ return('abcdefghijklmnopqrstuvwxy' | list) }}{% endmacro %}
{% macro bootstrap_chunks() %}{{ return([0, 1, 2, 3, 4, 5, 6, 7]) }}{% endmacro %}
{% macro bootstrap_tail_thousandths() %}{{ return(25) }}{% endmacro %}

{#- How often a replicate draws a row: Poisson with mean 1 by the distribution function in 65,536ths,
    which four hexadecimal digits of an md5 are. Compared as text, which orders like the numbers; the
    draw is the same on every engine. More than seven (one in a hundred thousand) counts as seven. -#}
{% macro poisson_weight(hash, chunk) -%}
    {%- set drawn = 'substr(' ~ hash ~ ', ' ~ (1 + 4 * chunk) ~ ', 4)' -%}
    case
        {% for below in ['5e2d', 'bc5b', 'eb71', 'fb24', 'ff10', 'ffd9', 'fffb'] %}
        when {{ drawn }} < '{{ below }}' then {{ loop.index0 }}
        {% endfor %}
        else 7
    end
{%- endmacro %}

{#- Made at home lately, as far as figures are out: select of the months' commodities with the output of
    the months before. months: relation (month, month_no, output_months). -#}
{% macro domestic_output(months) -%}
select
    months.month,
    figures.member_code as commodity_code,
    max(figures.period_start) as last_period_start,
    cast(sum(figures.value) as decimal(38, 2)) as output_vnd
from {{ months }} as months
inner join {{ ref('int_market__figures') }} as figures
    on months.month >= figures.period_start
    and {{ month_number('figures.period_start') }} > months.month_no - months.output_months
where
    figures.series_id = 'domestic_output'
    and figures.unit_code = 'VND'
    and figures.is_out
    and figures.value > 0
group by months.month, figures.member_code
{%- endmacro %}

{#- What comparisons of prices are added up to: dimension -> SQL of its member. A heading that nobody
    knows belongs to no chapter. -#}
{% macro goods_levels() %}
    {{ return({
        'total': "'all'",
        'hs2': "case when hs_heading = 'unknown' then 'unknown' else substr(hs_heading, 1, 2) end",
        'hs4': 'hs_heading',
    }) }}
{% endmacro %}

{#- A sum of whole ten-thousandths of a percent as a mean in percent, to the nearest. -#}
{% macro mean_of_margins(sum_of_margins, number) -%}
    try_cast(
        floor(cast({{ sum_of_margins }} as double) / cast(nullif({{ number }}, 0) as double) + 0.5) / 1e4
        as decimal(18, 4)
    )
{%- endmacro %}
