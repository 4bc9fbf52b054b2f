-- One basis for each month and dimension: the consignments where they cover the month, else an
-- aggregate that was delivered for it, else the consignments of the days there are. A delivered
-- aggregate counts what the trade statistics do not hold (docs/impact-guide.md).
with own as (

    select
        months.*,
        days_covered = days_in_month as is_complete_month
    from {{ ref('int_flows__own_months') }} as months

),

delivered as (

    select * from {{ ref('int_flows__delivered_months') }}

),

own_complete as (

    select distinct month, dimension
    from own
    where is_complete_month

),

delivered_instead as (

    select distinct
        delivered.month,
        delivered.dimension
    from delivered
    left join own_complete
        on delivered.month = own_complete.month
        and delivered.dimension = own_complete.dimension
    where own_complete.month is null

)

select
    own.month,
    own.dimension,
    own.member_code,
    'consignments' as basis,
    own.is_complete_month,
    own.days_covered,
    own.days_in_month,
    own.consignments,
    own.consignments_without_value,
    own.customs_value_vnd,
    own.landed_value_vnd,
    own.value_in_trade_statistics_vnd
from own
left join delivered_instead
    on own.month = delivered_instead.month
    and own.dimension = delivered_instead.dimension
where delivered_instead.month is null

union all

select
    delivered.month,
    delivered.dimension,
    delivered.member_code,
    'delivered' as basis,
    true as is_complete_month,
    cast({{ days_of_month('delivered.month') }} as bigint) as days_covered,
    cast({{ days_of_month('delivered.month') }} as bigint) as days_in_month,
    delivered.consignments,
    cast(null as bigint) as consignments_without_value,
    delivered.customs_value_vnd,
    delivered.landed_value_vnd,
    cast(0 as decimal(38, 2)) as value_in_trade_statistics_vnd
from delivered
inner join delivered_instead
    on delivered.month = delivered_instead.month
    and delivered.dimension = delivered_instead.dimension
