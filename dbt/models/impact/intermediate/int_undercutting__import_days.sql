{{ config(materialized='day_window') }}

-- What parcels of consumers cost at the border, by product of the day: customs value and tax due,
-- without delivery inside the country. A shop buys at another level of trade and is not compared.
-- Goods that cannot be compared are kept with the reason: they are part of the match rate.
with goods as (

    select
        items.day,
        items.hs_heading,
        items.item_description_folded,
        items.origin_country_code,
        items.quantity,
        taxes.customs_value_vnd,
        taxes.customs_value_vnd + taxes.duty_due_vnd + taxes.vat_due_vnd as landed_value_vnd,
        case
            when coalesce(taxes.customs_value_vnd + taxes.duty_due_vnd + taxes.vat_due_vnd, 0) <= 0
                then 'no_value'
            when coalesce(items.item_description_folded, '') = '' then 'no_name'
            when pieces.unit_code is null then 'not_in_pieces'
            when coalesce(items.quantity, 0) <= 0 then 'no_quantity'
        end as exclusion_reason
    -- from the days: a list behind `in` is looked up after both tables are joined whole
    from {{ ref('int_calendar__days') }} as days
    inner join {{ ref('fct_consignment_items') }} as items
        on days.day = items.day
    inner join {{ ref('fct_tax_assessments') }} as taxes
        on items.day = taxes.day
        and items.consignment_id = taxes.consignment_id
    left join {{ ref('piece_units') }} as pieces
        on upper(items.quantity_unit_code) = pieces.unit_code
    where
        items.is_in_flows
        and items.trade_level = 'consumer'

)

select
    day,
    hs_heading,
    case when exclusion_reason is null then item_description_folded end as import_name,
    case when exclusion_reason is null then origin_country_code end as origin_country_code,
    exclusion_reason,
    count(*) as consignments,
    cast(sum(case when exclusion_reason is null then quantity end) as decimal(38, 4)) as quantity,
    cast(coalesce(sum(customs_value_vnd), 0) as decimal(38, 2)) as customs_value_vnd,
    cast(coalesce(sum(landed_value_vnd), 0) as decimal(38, 2)) as landed_value_vnd
from goods
group by
    day,
    hs_heading,
    case when exclusion_reason is null then item_description_folded end,
    case when exclusion_reason is null then origin_country_code end,
    exclusion_reason
