-- Landed value of cross-border e-commerce beside the retail sales of the same month and commodity: a
-- share of retail, no import penetration (fct_apparent_consumption) and no share of online sales
-- (fct_online_share_monthly). A month that is not complete is not divided by a whole month's retail.
with landed as (

    select
        months.*,
        case dimension when 'total' then 'all' else member_code end as commodity_code
    from {{ ref('int_flows__months') }} as months
    where dimension in ('total', 'hs2')

),

joined as (

    select
        landed.*,
        case when retail.unit_code = 'VND' then cast(retail.value as decimal(38, 2)) end
            as retail_sales_vnd,
        case when retail.is_out then retail.vintage_date end as retail_vintage_date,
        case when retail.is_out then retail.publisher end as retail_publisher,
        case when retail.is_out then retail.evidence_grade end as retail_evidence_grade,
        case
            when landed.commodity_code = 'unknown' then 'commodity_unknown'
            when not landed.is_complete_month then 'incomplete_month'
            when landed.landed_value_vnd is null then 'landed_value_missing'
            else {{ figure_missing('retail') }}
        end as missing_reason
    from landed
    left join {{ ref('int_market__figures') }} as retail
        on landed.month = retail.period_start
        and landed.commodity_code = retail.member_code
        and retail.series_id = 'retail_sales'
        and retail.period_kind = 'month'

),

shared as (

    select
        joined.*,
        case
            when missing_reason is null
                then {{ percent_in_full('landed_value_vnd', 'retail_sales_vnd') }}
        end as share_of_retail_percent
    from joined

)

select
    month,
    commodity_code,
    basis,
    days_covered,
    days_in_month,
    is_complete_month,
    consignments,
    customs_value_vnd,
    landed_value_vnd,
    retail_sales_vnd,
    retail_vintage_date,
    retail_publisher,
    retail_evidence_grade,
    share_of_retail_percent,
    coalesce(missing_reason is null and landed_value_vnd > retail_sales_vnd, false)
        as is_above_whole,
    case
        when missing_reason is not null then missing_reason
        when share_of_retail_percent is null then 'beyond_scale'
    end as reason_code
from shared
