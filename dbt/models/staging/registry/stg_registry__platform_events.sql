with source as (

    select * from {{ source('raw', 'platform_registry') }}

),

renamed as (

    select
        -- ids
        coalesce(platform_code_folded, lower(trim(platform_code))) as platform_code,
        platform_name,

        -- event
        event_type,
        event_date,
        instrument,
        evidence_grade,

        -- attributes as stated with the event
        legal_type,
        is_foreign,

        -- lineage
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

),

-- a re-sent event keeps the last delivered wording
numbered as (

    select
        renamed.*,
        row_number() over (
            partition by platform_code, event_type, event_date
            order by received_date desc nulls last, source_sha256 desc, source_line desc
        ) as reverse_rank
    from renamed

)

select
    platform_code,
    platform_name,
    event_type,
    event_date,
    instrument,
    evidence_grade,
    legal_type,
    is_foreign,
    sender,
    received_date,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1
