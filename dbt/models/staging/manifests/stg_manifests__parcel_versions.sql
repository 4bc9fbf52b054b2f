-- Every version of every parcel in the files that touch the run's days: rename and tidy only.
with source as (

    select * from {{ source('raw', 'parcel_manifest') }}

),

renamed as (

    select
        -- ids
        house_waybill_number,
        master_waybill_number,
        platform_order_id,
        seller_id_platform,

        -- version and lineage
        version_number,
        coalesce(record_status, 'original') as record_status,
        day,
        _day_basis as day_basis,
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line,

        -- codes; a line of a house manifest is a house waybill in short
        case when waybill_level = 'master' then 'master' else 'house' end as waybill_level,
        coalesce(waybill_level, 'house') = 'manifest_line' as is_summary,
        operator_code,
        channel,
        coalesce(platform_code_folded, lower(trim(platform_code))) as platform_code,
        customs_office_code,
        importing_country_code,
        transport_mode_code,
        warehouse_code,

        -- parties (tokens and their status)
        consignor_name_token,
        consignor_phone_token,
        consignor_phone_status,
        consignor_address_token,
        consignor_address_status,
        consignor_country_code,
        consignee_name_token,
        consignee_id_number_token as consignee_id_token,
        consignee_id_number_status as consignee_id_status,
        consignee_phone_token,
        consignee_phone_status,
        consignee_address_token,
        consignee_address_status,
        -- the address tells the province when the sender does not
        coalesce(consignee_province_code, consignee_address_province_code)
            as consignee_province_code,
        consignee_country_code,

        -- goods
        item_description,
        item_description_folded,
        hs_code,
        origin_country_code,
        quantity,
        quantity_unit_code,
        package_count,
        is_piece_count_consistent,
        gross_weight_kg,
        declared_value,
        currency_code,

        -- times
        arrived_at,
        arrived_date
    from source

)

select * from renamed
