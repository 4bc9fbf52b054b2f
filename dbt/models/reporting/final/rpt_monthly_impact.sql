-- Facts and arithmetic on facts only: no causal statement. Internal edition; disclosure control of
-- the public edition uses the three contribution columns.
select
    shares.month,
    shares.hs_chapter,
    coalesce(commodities.name_vi, 'Tất cả') as chapter_name_vi,
    coalesce(commodities.name_en, 'All') as chapter_name_en,
    shares.consignments,
    shares.consignments_without_value,
    shares.customs_value_vnd,
    shares.landed_value_vnd,
    shares.share_of_cross_border_millionths,
    shares.retail_sales_vnd,
    shares.retail_vintage_date,
    shares.share_of_retail_millionths,
    shares.days_with_flows,
    shares.contributor_count,
    shares.largest_contribution_vnd,
    shares.second_contribution_vnd
from {{ ref('fct_market_shares_monthly') }} as shares
left join {{ ref('dim_commodity') }} as commodities
    on shares.hs_chapter = commodities.commodity_code
