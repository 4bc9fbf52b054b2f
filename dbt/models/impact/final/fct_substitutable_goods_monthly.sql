-- Goods that are made at home and also come over the border: what of them went to each province, and
-- how their prices compare. Undercut is what the whole interval says.
with flows as (

    select
        month,
        hs_heading,
        province_code,
        consignments,
        landed_value_vnd
    from {{ ref('int_substitutable__flows') }}

    union all

    select
        month,
        hs_heading,
        'all' as province_code,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(landed_value_vnd) as decimal(38, 2)) as landed_value_vnd
    from {{ ref('int_substitutable__flows') }}
    group by month, hs_heading

),

shared as (

    select
        flows.*,
        sum(landed_value_vnd) over (partition by month, province_code) as province_value_vnd,
        max(case when province_code = 'all' then landed_value_vnd end)
            over (partition by month, hs_heading) as heading_value_vnd
    from flows

),

made_at_home as (

    select
        shared.*,
        case when of_heading.commodity_code is not null then 'heading' else 'chapter' end
            as domestic_output_of,
        coalesce(of_heading.output_vnd, of_chapter.output_vnd) as domestic_output_vnd
    from shared
    left join {{ ref('int_substitutable__output') }} as of_heading
        on shared.month = of_heading.month
        and shared.hs_heading = of_heading.commodity_code
    left join {{ ref('int_substitutable__output') }} as of_chapter
        on shared.month = of_chapter.month
        and substr(shared.hs_heading, 1, 2) = of_chapter.commodity_code
    where
        shared.hs_heading <> 'unknown'
        and coalesce(of_heading.output_vnd, of_chapter.output_vnd) is not null

),

priced as (

    select
        goods.*,
        coalesce(prices.comparisons, 0) as comparisons,
        prices.match_rate_percent,
        prices.margin_weighted_percent,
        prices.margin_low_percent,
        prices.margin_high_percent,
        coalesce(prices.margin_low_percent > 0, false) as is_undercut,
        coalesce(prices.reason_code, case when prices.month is null then 'no_comparison' end)
            as reason_code
    from made_at_home as goods
    left join {{ ref('fct_undercutting_monthly') }} as prices
        on goods.month = prices.month
        and prices.dimension = 'hs4'
        and goods.hs_heading = prices.member_code
        and prices.match_basis = 'any_match'

)

select
    month,
    hs_heading,
    province_code,
    cast(
        row_number() over (
            partition by month, province_code
            order by
                case when is_undercut then 0 else 1 end asc nulls last,
                landed_value_vnd desc nulls last,
                hs_heading asc nulls last
        ) as bigint
    ) as place,
    consignments,
    landed_value_vnd,
    {{ percent_in_full('landed_value_vnd', 'heading_value_vnd') }} as share_of_heading_percent,
    {{ percent_in_full('landed_value_vnd', 'province_value_vnd') }} as share_of_province_percent,
    domestic_output_of,
    domestic_output_vnd,
    comparisons,
    match_rate_percent,
    margin_weighted_percent,
    margin_low_percent,
    margin_high_percent,
    is_undercut,
    reason_code
from priced
