-- The goods of what is scored; indicators that read goods read them here.
select
    items.consignment_id,
    items.item_number,
    items.day,
    coalesce(items.importing_country_code = parameters.home_country_code, false) as is_home_import,
    items.channel,
    items.trade_level,
    items.item_description,
    items.item_description_folded,
    items.hs_code,
    items.hs_chapter,
    items.hs_heading,
    items.hs_basis,
    items.origin_country_code,
    items.departure_country_code,
    items.tariff_schedule_code,
    items.declared_duty_rate_percent,
    items.mass_kg,
    items.quantity_unit_code,
    items.valuation_value,
    items.valuation_currency_code,
    items.unit_value_milli_per_kg,
    items.unit_value_milli_per_piece
from {{ ref('fct_consignment_items') }} as items
inner join {{ ref('int_risk__parameters') }} as parameters
    on items.day = parameters.day
where items.is_active
