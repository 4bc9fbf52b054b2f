with source as (

    select * from {{ source('raw', 'delivery_outcome') }}

),

renamed as (

    select
        -- ids
        delivery_sequence,
        file_name,
        source as source_name,
        sender,
        sha256 as source_sha256,

        -- fate
        status,
        reason,

        -- counts
        rows_in,
        accepted as rows_accepted,
        quarantined as rows_quarantined,
        duplicates as rows_duplicate,

        -- days
        received_date,
        day_min,
        day_max
    from source

)

select * from renamed
