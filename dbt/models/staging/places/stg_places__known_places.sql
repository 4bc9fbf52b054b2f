with source as (

    select * from {{ source('raw', 'known_place') }}

),

renamed as (

    select
        -- ids
        place_id,
        valid_from,

        -- place
        place_type,
        warehouse_code,
        place_address_token,
        valid_to,
        instrument,

        -- lineage
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

),

-- a re-sent place is what was said of it last
numbered as (

    select
        renamed.*,
        row_number() over (
            partition by place_id, valid_from
            order by received_date desc nulls last, source_sha256 desc, source_line desc
        ) as reverse_rank
    from renamed

)

select
    place_id,
    valid_from,
    place_type,
    warehouse_code,
    place_address_token,
    valid_to,
    instrument,
    sender,
    received_date,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1
