-- Parcels and master waybills of the window in the shape of a consignment, with the low-value
-- declaration that describes them when one arrived the same day.
select
    -- ids
    -- the number that identifies the record, of a master waybill too: several of a sender's records
    -- may name one master
    case when records.waybill_level = 'master' then 'M-' else 'P-' end
        || records.house_waybill_number as consignment_id,
    case when records.waybill_level = 'master' then 'master_waybill' else 'parcel' end as consignment_kind,
    records.day,
    records.house_waybill_number,
    records.master_waybill_number,
    cast(null as string) as declaration_number,
    cast(null as bigint) as line_number,
    records.platform_order_id,
    records.seller_id_platform,

    -- version
    records.record_status,
    records.version_number,

    -- codes
    coalesce(records.importing_country_code, records.consignee_country_code) as importing_country_code,
    records.operator_code,
    records.channel,
    cast(null as string) as declaration_type_code,
    records.transport_mode_code,
    cast(null as string) as departure_country_code,
    records.customs_office_code,
    records.platform_code,
    records.warehouse_code,

    -- parties
    cast(null as string) as declarant_id_token,
    cast(null as string) as seller_id_token,
    records.consignor_name_token,
    records.consignor_phone_token,
    records.consignor_phone_status,
    records.consignor_address_token,
    records.consignor_country_code,
    records.consignee_name_token,
    records.consignee_id_token,
    records.consignee_id_status,
    records.consignee_phone_token,
    records.consignee_phone_status,
    records.consignee_address_token,
    records.consignee_address_status,
    records.consignee_province_code,

    -- goods
    records.item_description,
    records.item_description_folded,
    replace(records.hs_code, '.', '') as hs_code,
    records.origin_country_code,
    cast(null as string) as origin_indicator_code,
    records.quantity,
    records.quantity_unit_code,
    records.package_count,
    cast(null as decimal(18, 4)) as net_mass_kg,
    cast(null as decimal(18, 4)) as quantity_mass_kg,
    records.gross_weight_kg,
    records.declared_value,
    records.currency_code,
    cast(null as decimal(18, 2)) as stated_value_vnd,
    cast(null as decimal(9, 3)) as declared_duty_rate_percent,
    cast(null as string) as tariff_schedule_code,

    -- links between the sources
    matched.house_waybill_number is not null as has_low_value_declaration,
    matched.declared_value as low_value_declared_value,
    matched.currency_code as low_value_currency_code,
    matched.customs_value_vnd as low_value_stated_value_vnd,
    false as is_described_by_parcel,

    -- lineage
    'parcel_manifest' as source,
    records.sender,
    records.source_sha256,
    records.source_line
from {{ ref('stg_manifests__parcels') }} as records
left join {{ ref('int_consignments__low_value_matched') }} as matched
    on records.house_waybill_number = matched.house_waybill_number
    and records.day = matched.day
where records.day in (select days.day from {{ ref('int_calendar__days') }} as days)
