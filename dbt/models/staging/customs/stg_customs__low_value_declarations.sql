-- The current version of every low value declaration: keys with one version pass untouched.
with versions as (

    select * from {{ ref('stg_customs__low_value_declaration_versions') }}

),

ranks as (

    select * from {{ ref('stg_customs__low_value_declaration_ranks') }}

)

select
    -- ids
    versions.house_waybill_number,
    versions.master_waybill_number,
    versions.declaration_number,
    versions.operator_reference,

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
    versions.customs_office_code,
    versions.person_kind_code,
    versions.operator_code,
    versions.warehouse_code,

    -- parties (tokens and their status)
    versions.consignor_name_token,
    versions.consignor_address_token,
    versions.consignor_address_status,
    versions.consignor_country_code,
    versions.importer_name_token,
    versions.importer_id_token,
    versions.importer_id_status,
    versions.importer_phone_token,
    versions.importer_phone_status,
    versions.importer_address_token,
    versions.importer_address_status,

    -- goods
    versions.item_description,
    versions.item_description_folded,
    versions.origin_country_code,
    versions.package_count,
    versions.gross_weight_kg,
    versions.declared_value,
    versions.currency_code,
    versions.customs_value_vnd,

    -- times
    versions.arrived_on,

    coalesce(ranks.version_count, 1) as version_count
from versions
left join ranks
    on versions.house_waybill_number = ranks.house_waybill_number
    and versions.source_sha256 = ranks.source_sha256
    and versions.source_line = ranks.source_line
where ranks.house_waybill_number is null or ranks.is_current
