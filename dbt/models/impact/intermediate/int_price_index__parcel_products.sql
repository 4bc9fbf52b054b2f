{{ config(materialized='day_window') }}

-- Products of the months that the run touches and that parcels tell on every day, added up from days.
with months_of_products as (

    select
        months.month,
        days.hs_heading,
        days.channel,
        days.product_id,
        days.exclusion_reason,
        cast(sum(days.value_vnd) as decimal(26, 2)) as value_vnd,
        cast(sum(days.quantity) as decimal(38, 6)) as quantity
    from {{ ref('int_price_index__product_days') }} as days
    inner join {{ ref('int_price_index__months') }} as months
        on cast(date_trunc('month', days.day) as date) = months.month
    where
        {{ in_months_of_window('days.day') }}
        and months.told_by = 'parcels'
    group by
        months.month,
        days.hs_heading,
        days.channel,
        days.product_id,
        days.exclusion_reason

)

{{ price_products('months_of_products') }}
