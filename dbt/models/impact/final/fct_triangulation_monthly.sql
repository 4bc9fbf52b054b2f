-- Declared, manifested, counted and claimed of each month on one page, by the platform that is named
-- and for all. Counted is what flows count, each consignment once. A ratio outside the band of the
-- day's rules is explained in words; which side is right is not said.
with rated as (

    select
        months.*,
        {{ percent_in_full('months.declared_value_vnd', 'months.manifested_value_vnd') }}
            as declared_to_manifested_percent,
        case
            when months.is_complete_month
                then {{ percent_in_full('months.claimed_orders', 'months.counted_consignments') }}
        end as claimed_to_counted_orders_percent,
        case
            when months.is_complete_month
                then {{ percent_in_full('months.claimed_value_vnd', 'months.counted_value_vnd') }}
        end as claimed_to_counted_value_percent
    from {{ ref('int_triangulation__months') }} as months

),

explained as (

    select
        rated.*,
        case
            when not is_complete_month then 'incomplete_month'
            when claimed_value_vnd is null then 'claims_missing'
            when claimed_to_counted_value_percent is null then 'nothing_counted'
            when claimed_to_counted_value_percent > high_percent then 'claims_above_flows'
            when claimed_to_counted_value_percent < low_percent then 'claims_below_flows'
            when declared_to_manifested_percent < low_percent then 'declared_below_manifested'
            when declared_to_manifested_percent > high_percent then 'declared_above_manifested'
            else 'within_band'
        end as reason_code
    from rated

)

select
    explained.month,
    explained.dimension,
    explained.platform_code,
    explained.basis,
    explained.days_covered,
    explained.days_in_month,
    explained.is_complete_month,
    cast(explained.declared_consignments as bigint) as declared_consignments,
    cast(explained.declared_value_vnd as decimal(38, 2)) as declared_value_vnd,
    cast(explained.manifested_parcels as bigint) as manifested_parcels,
    cast(explained.manifested_value_vnd as decimal(38, 2)) as manifested_value_vnd,
    explained.counted_consignments,
    explained.counted_value_vnd,
    cast(floor(explained.claimed_orders) as bigint) as claimed_orders,
    cast(explained.claimed_value_vnd as decimal(38, 2)) as claimed_value_vnd,
    explained.declared_to_manifested_percent,
    explained.claimed_to_counted_orders_percent,
    explained.claimed_to_counted_value_percent,
    explained.reason_code,
    texts.explanation_vi,
    texts.explanation_en
from explained
left join {{ ref('triangulation_texts') }} as texts on explained.reason_code = texts.reason_code
