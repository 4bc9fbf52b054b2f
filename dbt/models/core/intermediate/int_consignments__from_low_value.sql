-- Low-value declarations of the window without a parcel of the same day: consignments of their own.
-- The low-value declaration exists for express goods only, hence the channel.
select
    -- ids
    'L-' || records.house_waybill_number as consignment_id,
    'low_value_declaration' as consignment_kind,
    records.day,
    records.house_waybill_number,
    records.master_waybill_number,
    records.declaration_number,
    cast(null as bigint) as line_number,
    cast(null as string) as platform_order_id,
    cast(null as string) as seller_id_platform,

    -- version
    records.record_status,
    records.version_number,

    -- codes
    cast(null as string) as importing_country_code,
    records.operator_code,
    'express' as channel,
    cast(null as string) as declaration_type_code,
    cast(null as string) as transport_mode_code,
    cast(null as string) as departure_country_code,
    records.customs_office_code,
    cast(null as string) as platform_code,
    records.warehouse_code,

    -- parties
    cast(null as string) as declarant_id_token,
    cast(null as string) as seller_id_token,
    records.consignor_name_token,
    cast(null as string) as consignor_phone_token,
    cast(null as string) as consignor_phone_status,
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
    cast(null as string) as hs_code,
    records.origin_country_code,
    cast(null as string) as origin_indicator_code,
    cast(null as decimal(18, 4)) as quantity,
    cast(null as string) as quantity_unit_code,
    records.package_count,
    cast(null as decimal(18, 4)) as net_mass_kg,
    cast(null as decimal(18, 4)) as quantity_mass_kg,
    records.gross_weight_kg,
    records.declared_value,
    records.currency_code,
    records.customs_value_vnd as stated_value_vnd,
    cast(null as decimal(9, 3)) as declared_duty_rate_percent,
    cast(null as string) as tariff_schedule_code,

    -- links between the sources
    true as has_low_value_declaration,
    records.declared_value as low_value_declared_value,
    records.currency_code as low_value_currency_code,
    records.customs_value_vnd as low_value_stated_value_vnd,
    false as is_described_by_parcel,

    -- lineage
    'low_value_declaration' as source,
    records.sender,
    records.source_sha256,
    records.source_line
from {{ ref('stg_customs__low_value_declarations') }} as records
left join {{ ref('int_consignments__low_value_matched') }} as matched
    on records.house_waybill_number = matched.house_waybill_number
    and records.day = matched.day
where records.day in (select days.day from {{ ref('int_calendar__days') }} as days)
    and matched.house_waybill_number is null
