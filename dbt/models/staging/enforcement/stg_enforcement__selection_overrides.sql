{{ config(materialized='whole_table') }}
-- A table: every decision ever sent, in as many files as there were days, is read once a run.
with source as (

    select * from {{ source('raw', 'selection_override') }}

),

renamed as (

    select
        -- ids
        consignment_id,
        office_code,

        -- what was decided
        risk_type,
        override,
        reason,
        unit,

        -- times
        decided_at,
        decided_date,

        -- lineage
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

),

-- a re-sent decision keeps what was said of it last
numbered as (

    select
        renamed.*,
        row_number() over (
            partition by consignment_id, decided_at, office_code, override
            order by received_date desc nulls last, source_sha256 desc, source_line desc
        ) as reverse_rank
    from renamed

)

select
    consignment_id,
    office_code,
    risk_type,
    override,
    reason,
    unit,
    decided_at,
    decided_date,
    sender,
    received_date,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1
