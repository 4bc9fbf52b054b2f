-- The current version of every parcel: keys with one version pass untouched.
with versions as (

    select * from {{ ref('stg_manifests__parcel_versions') }}

),

ranks as (

    select * from {{ ref('stg_manifests__parcel_ranks') }}

)

select
    -- ids
    versions.house_waybill_number,
    versions.master_waybill_number,
    versions.platform_order_id,
    versions.seller_id_platform,

    -- version and lineage
    versions.version_number,
    versions.record_status,
    coalesce(ranks.current_day, versions.day) as day,
    versions.day_basis,
    versions.sender,
    versions.received_date,
    versions.source_sha256,
    versions.source_line,

    -- codes
    versions.waybill_level,
    versions.operator_code,
    versions.channel,
    versions.platform_code,
    versions.customs_office_code,
    versions.importing_country_code,
    versions.transport_mode_code,
    versions.warehouse_code,

    -- parties (tokens and their status)
    versions.consignor_name_token,
    versions.consignor_phone_token,
    versions.consignor_phone_status,
    versions.consignor_address_token,
    versions.consignor_address_status,
    versions.consignor_country_code,
    versions.consignee_name_token,
    versions.consignee_id_token,
    versions.consignee_id_status,
    versions.consignee_phone_token,
    versions.consignee_phone_status,
    versions.consignee_address_token,
    versions.consignee_address_status,
    versions.consignee_province_code,
    versions.consignee_country_code,

    -- goods
    versions.item_description,
    versions.item_description_folded,
    versions.hs_code,
    versions.origin_country_code,
    versions.quantity,
    versions.quantity_unit_code,
    versions.package_count,
    versions.gross_weight_kg,
    versions.declared_value,
    versions.currency_code,

    -- times
    versions.arrived_at,
    versions.arrived_date,

    coalesce(ranks.version_count, 1) as version_count
from versions
left join ranks
    on versions.house_waybill_number = ranks.house_waybill_number
    and versions.source_sha256 = ranks.source_sha256
    and versions.source_line = ranks.source_line
where ranks.house_waybill_number is null or ranks.is_current
