-- Landed value of cross-border e-commerce beside online sales: of all online sales, of those of a
-- commodity, of what a platform says it sold (GMV). No share of retail and no import penetration.
with landed as (

    select
        months.*,
        case dimension when 'platform' then 'platform_gmv' else 'online_sales' end as series_id
    from {{ ref('int_flows__months') }} as months
    where dimension in ('total', 'hs2', 'platform')

),

joined as (

    select
        landed.*,
        case when online.unit_code = 'VND' then cast(online.value as decimal(38, 2)) end
            as online_sales_vnd,
        case when online.is_out then online.vintage_date end as online_vintage_date,
        case when online.is_out then online.publisher end as online_publisher,
        case when online.is_out then online.evidence_grade end as online_evidence_grade,
        case
            when landed.member_code in ('unknown', 'unstated') then 'member_unknown'
            when not landed.is_complete_month then 'incomplete_month'
            when landed.landed_value_vnd is null then 'landed_value_missing'
            else {{ figure_missing('online') }}
        end as missing_reason
    from landed
    left join {{ ref('int_market__figures') }} as online
        on landed.month = online.period_start
        and landed.member_code = online.member_code
        and landed.series_id = online.series_id
        and online.period_kind = 'month'

),

shared as (

    select
        joined.*,
        case
            when missing_reason is null
                then {{ percent_in_full('landed_value_vnd', 'online_sales_vnd') }}
        end as share_of_online_percent
    from joined

)

select
    month,
    dimension,
    member_code,
    basis,
    days_covered,
    days_in_month,
    is_complete_month,
    consignments,
    customs_value_vnd,
    landed_value_vnd,
    series_id as denominator_series_id,
    online_sales_vnd,
    online_vintage_date,
    online_publisher,
    online_evidence_grade,
    share_of_online_percent,
    coalesce(missing_reason is null and landed_value_vnd > online_sales_vnd, false)
        as is_above_whole,
    case
        when missing_reason is not null then missing_reason
        when share_of_online_percent is null then 'beyond_scale'
    end as reason_code
from shared
