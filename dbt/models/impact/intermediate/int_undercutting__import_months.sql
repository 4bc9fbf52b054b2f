-- Products of the months that the run touches, whole months: one row per product, and one per heading
-- and reason of what is in none.
select
    months.month,
    days.hs_heading,
    days.import_name,
    days.origin_country_code,
    days.exclusion_reason,
    cast(sum(days.consignments) as bigint) as consignments,
    try_cast(sum(days.quantity) as decimal(18, 4)) as quantity,
    cast(sum(days.customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
    cast(sum(days.landed_value_vnd) as decimal(38, 2)) as landed_value_vnd
from {{ ref('int_undercutting__import_days') }} as days
inner join {{ ref('int_undercutting__months') }} as months
    on cast(date_trunc('month', days.day) as date) = months.month
where {{ in_months_of_window('days.day') }}
group by
    months.month,
    days.hs_heading,
    days.import_name,
    days.origin_country_code,
    days.exclusion_reason
