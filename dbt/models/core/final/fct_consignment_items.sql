{{ config(materialized='view') }}
-- Goods at their own grain: whoever judges goods reads items, never the consignment. Every source
-- still states one item a consignment, so this is a view and stores nothing twice.
with stated as (

    select
        consignments.*,
        -- without a rate a price is compared with those of its own currency
        coalesce(consignments.value_vnd, consignments.declared_value) as valuation_value,
        case when consignments.value_vnd is null then coalesce(consignments.currency_code, 'unknown')
            else 'VND' end as valuation_currency_code,
        -- whose trade it is, by what the consignee states of itself; prices of shops and of persons
        -- are not compared with each other
        case
            when consignments.consignee_id_status = 'tax_code' then 'business'
            when consignments.consignee_id_status = 'personal_id' then 'consumer'
            when consignments.consignment_kind = 'declaration_line' then 'business'
            else 'consumer'
        end as trade_level
    from {{ ref('fct_consignments') }} as consignments

)

select
    -- ids
    consignment_id,
    day,
    coalesce(line_number, 1) as item_number,
    is_active,
    importing_country_code,
    channel,
    trade_level,

    -- goods
    item_description,
    item_description_folded,
    hs_code,
    hs_chapter,
    hs_heading,
    hs_basis,
    hs_probability_micro,
    origin_country_code,
    origin_indicator_code,
    departure_country_code,
    tariff_schedule_code,
    declared_duty_rate_percent,

    -- amounts
    quantity,
    quantity_unit_code,
    mass_kg,
    mass_basis,
    value_vnd,
    valuation_value,
    valuation_currency_code,
    {{ thousandths('cast(valuation_value as double) / cast(nullif(mass_kg, 0) as double)') }}
        as unit_value_milli_per_kg,
    {{ thousandths('cast(valuation_value as double) / cast(nullif(quantity, 0) as double)') }}
        as unit_value_milli_per_piece,

    -- whether flows count it
    is_in_flows
from stated
