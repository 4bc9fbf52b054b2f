with source as (

    select * from {{ source('raw', 'reference_version') }}

),

renamed as (

    select
        kind as reference_kind,
        file_name,
        sha256 as source_sha256,
        as_of_date,
        row_count,
        provenance,
        owner,
        edition_days,
        is_in_force as is_in_use,
        replaced_sha256
    from source

)

select * from renamed
