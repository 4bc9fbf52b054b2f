{{ config(materialized='day_window') }}

-- By how much imports cost consumers less, or more, than the domestic goods they were matched with.
-- Margins are percent of the domestic price; that of the import price stands beside it. The reading of
-- each figure is that of `import-risk calc undercutting`.
{% set ten_thousandth = '1e4' %}
select
    members.month,
    members.dimension,
    members.member_code,
    members.match_basis,
    members.comparisons,
    members.comparisons_under,
    members.comparisons_over,
    members.comparisons - members.comparisons_under - members.comparisons_over as comparisons_equal,
    members.import_value_vnd,
    members.compared_value_vnd,
    members.domestic_value_vnd,
    members.gap_vnd,
    {{ percent_in_full('members.compared_value_vnd', 'members.import_value_vnd') }}
        as match_rate_percent,
    {{ percent_in_full('members.gap_vnd', 'members.domestic_value_vnd') }} as margin_weighted_percent,
    case
        when members.comparisons >= rules.least_comparisons then intervals.margin_low_percent
    end as margin_low_percent,
    case
        when members.comparisons >= rules.least_comparisons then intervals.margin_high_percent
    end as margin_high_percent,
    coalesce(intervals.replicates, 0) as replicates,
    {{ mean_of_margins('members.margins', 'members.comparisons') }} as margin_simple_percent,
    {{ percent_in_full('members.gap_vnd', 'members.compared_value_vnd') }}
        as margin_of_import_price_percent,
    try_cast(members.under_min / {{ ten_thousandth }} as decimal(18, 4)) as under_min_percent,
    try_cast(members.under_max / {{ ten_thousandth }} as decimal(18, 4)) as under_max_percent,
    {{ mean_of_margins('members.under_margins', 'members.comparisons_under') }}
        as under_simple_percent,
    {{ percent_in_full('members.under_gap_vnd', 'members.under_domestic_value_vnd') }}
        as under_weighted_percent,
    try_cast(members.over_min / {{ ten_thousandth }} as decimal(18, 4)) as over_min_percent,
    try_cast(members.over_max / {{ ten_thousandth }} as decimal(18, 4)) as over_max_percent,
    case
        when members.comparisons = 0 then 'no_comparison'
        when members.comparisons < rules.least_comparisons then 'few_comparisons'
    end as reason_code
from {{ ref('int_undercutting__members') }} as members
inner join {{ ref('int_undercutting__months') }} as rules
    on members.month = rules.month
left join {{ ref('int_undercutting__intervals') }} as intervals
    on members.month = intervals.month
    and members.match_basis = intervals.match_basis
    and members.dimension = intervals.dimension
    and members.member_code = intervals.member_code
