-- Facts and arithmetic on facts only: no causal statement. Two shares with two denominators under two
-- names; the import penetration ratio is a third (fct_apparent_consumption). No contributors here.
select
    retail.month,
    retail.commodity_code,
    coalesce(commodities.name_vi, 'Tất cả') as commodity_name_vi,
    coalesce(commodities.name_en, 'All') as commodity_name_en,
    retail.basis,
    retail.days_covered,
    retail.days_in_month,
    retail.is_complete_month,
    retail.consignments,
    flows.consignments_without_value,
    retail.customs_value_vnd,
    retail.landed_value_vnd,
    flows.share_of_value_percent,
    retail.retail_sales_vnd,
    retail.retail_vintage_date,
    retail.share_of_retail_percent,
    retail.reason_code as retail_reason_code,
    online.online_sales_vnd,
    online.online_vintage_date,
    online.share_of_online_percent,
    online.reason_code as online_reason_code
from {{ ref('fct_retail_share_monthly') }} as retail
inner join {{ ref('fct_flows_monthly') }} as flows
    on retail.month = flows.month
    and retail.commodity_code = flows.member_code
    and flows.dimension in ('total', 'hs2')
left join {{ ref('fct_online_share_monthly') }} as online
    on flows.month = online.month
    and flows.dimension = online.dimension
    and flows.member_code = online.member_code
left join {{ ref('dim_commodity') }} as commodities
    on retail.commodity_code = commodities.commodity_code
