-- Every version of every declaration line in the files that touch the run's days.
with source as (

    select * from {{ source('raw', 'customs_declaration') }}

),

renamed as (

    select
        -- ids
        declaration_number,
        line_number,
        local_reference_number,
        house_waybill_number,
        master_waybill_number,

        -- version and lineage
        version_number,
        -- what states only changes is no original, whatever it calls itself
        case when coalesce(is_partial, false) and coalesce(record_status, 'original') = 'original'
            then 'amended' else coalesce(record_status, 'original') end as record_status,
        coalesce(is_partial, false) as is_partial,
        -- only who states changes can state them of more than the line
        case when coalesce(is_partial, false) then coalesce(statement_scope, 'line')
            else 'line' end as statement_scope,
        header_fields,
        day,
        _day_basis as day_basis,
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line,

        -- codes
        declaration_type_code,
        procedure_code,
        additional_procedure_codes,
        process_type_code,
        import_use_code,
        payment_method_code,
        customs_office_code,
        importing_country_code,
        transport_mode_code,
        departure_country_code,
        origin_country_code,
        origin_indicator_code,
        tariff_schedule_code,
        incoterm_code,
        operator_code,
        cargo_classification_code,
        person_kind_code,
        warehouse_code,
        price_kind_code,
        valuation_method_code,
        duty_exemption_code,
        loading_place_code,
        conveyance_reference,

        -- a consignment split over several declarations
        first_declaration_number,
        branch_number,
        branch_count,

        -- parties (tokens and their status; what a partial amendment leaves out is not missing)
        importer_id_number_token as importer_id_token,
        {{ stated_status('importer_id_number_status') }} as importer_id_status,
        importer_name_token,
        importer_phone_token,
        {{ stated_status('importer_phone_status') }} as importer_phone_status,
        importer_address_token,
        {{ stated_status('importer_address_status') }} as importer_address_status,
        importer_address_province_code as importer_province_code,
        declarant_id_number_token as declarant_id_token,
        seller_id_number_token as seller_id_token,
        consignor_name_token,
        consignor_phone_token,
        {{ stated_status('consignor_phone_status') }} as consignor_phone_status,
        consignor_address_token,
        {{ stated_status('consignor_address_status') }} as consignor_address_status,
        consignor_country_code,

        -- goods
        hs_code,
        item_description,
        item_description_folded,
        quantity,
        quantity_unit_code,
        net_mass_kg,
        gross_weight_kg,
        package_count,
        cast(declared_value as decimal(18, 2)) as declared_value,
        currency_code,
        duty_rate_percent,
        previous_documents,
        second_quantity,
        second_quantity_unit_code,
        customs_value,
        customs_value_currency_code,

        -- totals of the whole declaration
        total_package_count,
        total_gross_weight,
        total_gross_weight_unit_code,

        -- times
        registered_at,
        registered_date,
        arrived_on
    from source

)

select * from renamed
