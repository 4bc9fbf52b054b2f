-- What is counted and added up of the comparisons of each month: all goods, chapters, headings.
with headings as (

    select
        month,
        match_basis,
        hs_heading,
        count(compared_value_vnd) as comparisons,
        count(case when gap_vnd > 0 then 1 end) as under,
        count(case when gap_vnd < 0 then 1 end) as over,
        sum(import_value_vnd) as import_value_vnd,
        sum(compared_value_vnd) as compared_value_vnd,
        sum(domestic_value_vnd) as domestic_value_vnd,
        sum(gap_vnd) as gap_vnd,
        sum(case when gap_vnd > 0 then gap_vnd end) as under_gap_vnd,
        sum(case when gap_vnd > 0 then domestic_value_vnd end) as under_domestic_value_vnd,
        sum(margin) as margins,
        sum(case when gap_vnd > 0 then margin end) as under_margins,
        min(case when gap_vnd > 0 then margin end) as under_min,
        max(case when gap_vnd > 0 then margin end) as under_max,
        min(case when gap_vnd < 0 then -margin end) as over_min,
        max(case when gap_vnd < 0 then -margin end) as over_max
    from {{ ref('int_undercutting__compared') }}
    group by month, match_basis, hs_heading

)

{% for dimension, member in goods_levels().items() -%}
select
    month,
    match_basis,
    '{{ dimension }}' as dimension,
    {{ member }} as member_code,
    cast(sum(comparisons) as bigint) as comparisons,
    cast(sum(under) as bigint) as comparisons_under,
    cast(sum(over) as bigint) as comparisons_over,
    cast(sum(import_value_vnd) as decimal(38, 2)) as import_value_vnd,
    cast(coalesce(sum(compared_value_vnd), 0) as decimal(38, 2)) as compared_value_vnd,
    cast(sum(domestic_value_vnd) as decimal(38, 2)) as domestic_value_vnd,
    cast(sum(gap_vnd) as decimal(38, 2)) as gap_vnd,
    cast(sum(under_gap_vnd) as decimal(38, 2)) as under_gap_vnd,
    cast(sum(under_domestic_value_vnd) as decimal(38, 2)) as under_domestic_value_vnd,
    sum(margins) as margins,
    sum(under_margins) as under_margins,
    min(under_min) as under_min,
    max(under_max) as under_max,
    min(over_min) as over_min,
    max(over_max) as over_max
from headings
group by month, match_basis{{ ', ' ~ member if dimension != 'total' }}
{{ 'union all' if not loop.last }}
{% endfor %}
