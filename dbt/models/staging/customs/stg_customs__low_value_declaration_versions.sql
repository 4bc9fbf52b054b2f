-- Every version of every low-value declaration in the files that touch the run's days.
with source as (

    select * from {{ source('raw', 'low_value_declaration') }}

),

renamed as (

    select
        -- ids
        house_waybill_number,
        master_waybill_number,
        declaration_number,
        operator_reference,

        -- version and lineage
        version_number,
        coalesce(record_status, 'original') as record_status,
        day,
        _day_basis as day_basis,
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line,

        -- codes
        customs_office_code,
        person_kind_code,
        operator_code,
        warehouse_code,
        loading_place_code,
        conveyance_reference,
        incoterm_code,
        price_kind_code,

        -- parties (tokens and their status)
        consignor_name_token,
        consignor_address_token,
        consignor_address_status,
        consignor_country_code,
        importer_name_token,
        importer_id_number_token as importer_id_token,
        importer_id_number_status as importer_id_status,
        importer_phone_token,
        importer_phone_status,
        importer_address_token,
        importer_address_status,
        importer_address_province_code as importer_province_code,

        -- goods
        item_description,
        item_description_folded,
        origin_country_code,
        package_count,
        gross_weight_kg,
        cast(declared_value as decimal(18, 2)) as declared_value,
        currency_code,
        customs_value_vnd,

        -- times
        arrived_on
    from source

)

select * from renamed
