{{ config(materialized='whole_table') }}
-- A table: every result ever reported, in as many files as there were days, is read once a run.
with source as (

    select * from {{ source('raw', 'inspection_outcome') }}

),

renamed as (

    select
        -- ids
        inspection_id,
        consignment_reference,
        line_number,

        -- how it was chosen, what was found
        selection_method,
        selection_probability,
        result,
        finding_type,
        coalesce(finding_severity, 'none') as finding_severity,
        found_value,
        currency_code,

        -- times
        inspected_at,
        inspected_date,
        known_at,
        known_date,

        -- lineage
        inspector_id_number_token as inspector_id_token,
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

),

-- An inspection first reported as pending is reported again with its result. One id for two
-- consignments: both results stand (gate 1 names them).
numbered as (

    select
        renamed.*,
        row_number() over (
            partition by inspection_id, consignment_reference, line_number, finding_type
            order by
                known_at desc nulls last,
                received_date desc nulls last,
                source_sha256 desc,
                source_line desc
        ) as reverse_rank,
        max(case when result <> 'pending' then 1 else 0 end) over (
            partition by inspection_id, consignment_reference
        ) as has_result
    from renamed

)

select
    inspection_id,
    consignment_reference,
    line_number,
    selection_method,
    selection_probability,
    result,
    finding_type,
    finding_severity,
    found_value,
    currency_code,
    inspected_at,
    inspected_date,
    known_at,
    known_date,
    inspector_id_token,
    sender,
    received_date,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1 and (result <> 'pending' or has_result = 0)
