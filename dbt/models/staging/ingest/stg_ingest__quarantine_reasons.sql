with source as (

    select * from {{ source('raw', 'quarantine_reason') }}

),

renamed as (

    select
        source as source_name,
        sha256 as source_sha256,
        column_name,
        reason_code,
        row_count
    from source

)

select * from renamed
