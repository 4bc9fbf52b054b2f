{{ config(materialized='day_window') }}

-- What parcels of the window say of products: values and quantities by stratum and product of the day.
-- Months are added up from days, so that no run reads the parcels of a month. Goods whose heading
-- nobody knows belong to no stratum.
with items as (

    select
        goods.day,
        goods.hs_heading,
        goods.channel,
        goods.item_description_folded as product_key,
        goods.origin_country_code,
        goods.quantity_unit_code,
        goods.quantity,
        goods.value_vnd
    from {{ ref('fct_consignment_items') }} as goods
    inner join {{ ref('int_rules__in_force') }} as home
        on goods.day = home.day
        and goods.importing_country_code = home.value_text
    where
        {{ in_window('goods.day') }}
        and home.parameter_id = 'HOME_COUNTRY'
        and goods.is_in_flows
        and goods.hs_heading <> 'unknown'

)

{{ price_sums('items', 'day') }}
