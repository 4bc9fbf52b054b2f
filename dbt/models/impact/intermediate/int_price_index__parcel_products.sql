{{ config(materialized='day_window') }}

-- Products of the months that the run touches and that parcels tell on every day. Goods whose
-- heading nobody knows belong to no stratum.
with items as (

    select
        months.month,
        goods.hs_heading,
        goods.channel,
        goods.item_description_folded as product_key,
        goods.origin_country_code,
        goods.quantity_unit_code,
        goods.quantity,
        goods.value_vnd
    from {{ ref('fct_consignment_items') }} as goods
    inner join {{ ref('int_price_index__months') }} as months
        on cast(date_trunc('month', goods.day) as date) = months.month
    where
        {{ in_months_of_window('goods.day') }}
        and months.told_by = 'parcels'
        and goods.is_in_flows
        and goods.hs_heading <> 'unknown'
        and goods.importing_country_code = months.home_country_code

)

{{ price_products('items') }}
