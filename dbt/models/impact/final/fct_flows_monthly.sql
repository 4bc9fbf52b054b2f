-- Value and parcels of each month, one dimension at a time, with the share of the total of the same
-- days: of a month that is not complete it is the share in the days covered, and is_complete_month
-- says so. What a whole month is divided by, or compared with, stands in other marts.
with months as (

    select * from {{ ref('int_flows__months') }}

),

totals as (

    select month, basis, consignments, customs_value_vnd
    from months
    where dimension = 'total'

)

select
    months.month,
    months.dimension,
    months.member_code,
    months.basis,
    months.days_covered,
    months.days_in_month,
    months.is_complete_month,
    months.consignments,
    months.consignments_without_value,
    months.customs_value_vnd,
    months.landed_value_vnd,
    try_cast(
        floor(cast(months.customs_value_vnd as double) / cast(months.days_covered as double))
        as decimal(38, 2)
    ) as customs_value_per_day_vnd,
    totals.customs_value_vnd as total_customs_value_vnd,
    case
        when months.basis = totals.basis
            then {{ percent_in_full('months.customs_value_vnd', 'totals.customs_value_vnd') }}
    end as share_of_value_percent,
    case
        when months.basis = totals.basis
            then {{ percent_in_full('months.consignments', 'totals.consignments') }}
    end as share_of_consignments_percent,
    case
        when totals.month is null then 'total_missing'
        when months.basis <> totals.basis then 'basis_differs'
        when totals.customs_value_vnd = 0 then 'total_zero'
    end as reason_code
from months
left join totals on months.month = totals.month
