-- Declaration lines of the window in the shape of a consignment. A line whose house waybill came
-- as a parcel the same day is kept for risk but must not be counted twice in flows.
select
    -- ids
    'D-' || records.declaration_number || '-' || cast(records.line_number as string) as consignment_id,
    'declaration_line' as consignment_kind,
    records.day,
    records.house_waybill_number,
    records.master_waybill_number,
    records.declaration_number,
    records.line_number,
    cast(null as string) as platform_order_id,
    cast(null as string) as seller_id_platform,

    -- version
    records.record_status,
    records.version_number,

    -- codes
    records.importing_country_code,
    records.operator_code,
    cast(null as string) as channel,
    records.declaration_type_code,
    records.transport_mode_code,
    records.departure_country_code,
    records.customs_office_code,
    cast(null as string) as platform_code,
    cast(null as string) as warehouse_code,

    -- parties
    records.declarant_id_token,
    records.seller_id_token,
    records.consignor_name_token,
    records.consignor_phone_token,
    records.consignor_phone_status,
    records.consignor_address_token,
    records.consignor_country_code,
    records.importer_name_token as consignee_name_token,
    records.importer_id_token as consignee_id_token,
    records.importer_id_status as consignee_id_status,
    records.importer_phone_token as consignee_phone_token,
    records.importer_phone_status as consignee_phone_status,
    records.importer_address_token as consignee_address_token,
    records.importer_address_status as consignee_address_status,
    records.importer_province_code as consignee_province_code,

    -- goods
    records.item_description,
    records.item_description_folded,
    replace(records.hs_code, '.', '') as hs_code,
    records.origin_country_code,
    records.origin_indicator_code,
    records.quantity,
    records.quantity_unit_code,
    records.package_count,
    records.net_mass_kg,
    {{ mass_of_quantity('records.second_quantity', 'second_units.kg_per_unit') }} as quantity_mass_kg,
    records.gross_weight_kg,
    records.declared_value,
    records.currency_code,
    cast(null as decimal(18, 2)) as stated_value_vnd,
    records.duty_rate_percent as declared_duty_rate_percent,
    records.tariff_schedule_code,

    -- links between the sources
    false as has_low_value_declaration,
    cast(null as decimal(18, 2)) as low_value_declared_value,
    cast(null as string) as low_value_currency_code,
    cast(null as decimal(18, 2)) as low_value_stated_value_vnd,
    matched.declaration_number is not null as is_described_by_parcel,

    -- lineage
    'customs_declaration' as source,
    records.sender,
    records.source_sha256,
    records.source_line
from {{ ref('stg_customs__declaration_lines') }} as records
left join {{ ref('int_consignments__lines_matched') }} as matched
    on records.declaration_number = matched.declaration_number
    and records.line_number = matched.line_number
left join {{ ref('mass_units') }} as second_units
    on upper(records.second_quantity_unit_code) = second_units.unit_code
where records.day in (select days.day from {{ ref('int_calendar__days') }} as days)
