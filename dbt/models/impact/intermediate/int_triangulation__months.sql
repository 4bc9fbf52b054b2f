-- Declared, manifested, counted and claimed of each month, by the platform that is named and for all,
-- with the band of the month's last day outside which a ratio is explained in words.
with days as (

    select
        cast(date_trunc('month', day) as date) as month,
        platform_code,
        declared_consignments,
        declared_value_vnd,
        manifested_parcels,
        manifested_value_vnd
    from {{ ref('int_triangulation__days') }}

),

stated as (

    select
        month,
        'platform' as dimension,
        platform_code,
        sum(declared_consignments) as declared_consignments,
        sum(declared_value_vnd) as declared_value_vnd,
        sum(manifested_parcels) as manifested_parcels,
        sum(manifested_value_vnd) as manifested_value_vnd
    from days
    group by month, platform_code

    union all

    select
        month,
        'total' as dimension,
        'all' as platform_code,
        sum(declared_consignments) as declared_consignments,
        sum(declared_value_vnd) as declared_value_vnd,
        sum(manifested_parcels) as manifested_parcels,
        sum(manifested_value_vnd) as manifested_value_vnd
    from days
    group by month

),

counted as (

    select
        months.*,
        member_code as platform_code
    from {{ ref('int_flows__months') }} as months
    where dimension in ('total', 'platform')

),

claims as (

    select
        period_start as month,
        member_code as platform_code,
        sum(case when series_id = 'platform_imported_orders' then value end) as claimed_orders,
        sum(case when series_id = 'platform_imported_gmv' then value end) as claimed_value_vnd
    from {{ ref('int_market__figures') }}
    where
        period_kind = 'month'
        and is_out
        and member_code <> 'all'
        and (
            (series_id = 'platform_imported_orders' and unit_code = 'COUNT')
            or (series_id = 'platform_imported_gmv' and unit_code = 'VND')
        )
    group by period_start, member_code

),

claimed as (

    select month, 'platform' as dimension, platform_code, claimed_orders, claimed_value_vnd
    from claims

    union all

    select
        month,
        'total' as dimension,
        'all' as platform_code,
        sum(claimed_orders) as claimed_orders,
        sum(claimed_value_vnd) as claimed_value_vnd
    from claims
    group by month

),

-- what is held of a month that rests on a delivered aggregate is some of its days
joined as (

    select
        counted.month,
        counted.dimension,
        counted.platform_code,
        counted.basis,
        counted.days_covered,
        counted.days_in_month,
        counted.is_complete_month,
        counted.consignments as counted_consignments,
        counted.customs_value_vnd as counted_value_vnd,
        case when counted.basis = 'consignments' then stated.declared_consignments end
            as declared_consignments,
        case when counted.basis = 'consignments' then stated.declared_value_vnd end
            as declared_value_vnd,
        case when counted.basis = 'consignments' then stated.manifested_parcels end
            as manifested_parcels,
        case when counted.basis = 'consignments' then stated.manifested_value_vnd end
            as manifested_value_vnd,
        claimed.claimed_orders,
        claimed.claimed_value_vnd
    from counted
    left join stated
        on counted.month = stated.month
        and counted.dimension = stated.dimension
        and counted.platform_code = stated.platform_code
    left join claimed
        on counted.month = claimed.month
        and counted.dimension = claimed.dimension
        and counted.platform_code = claimed.platform_code

),

month_ends as (

    select distinct last_day(month) as day
    from joined

),

rules as (

    {{ rules_in_force('month_ends') }}

),

bands as (

    select
        day,
        {{ rule_number('TRIANGULATION_LOW', 'decimal(9, 3)') }} as low_percent,
        {{ rule_number('TRIANGULATION_HIGH', 'decimal(9, 3)') }} as high_percent
    from rules
    group by day

)

select
    joined.*,
    bands.low_percent,
    bands.high_percent
from joined
left join bands on last_day(joined.month) = bands.day
