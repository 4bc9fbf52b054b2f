{{ config(materialized='ephemeral') }}

-- Rows set aside of each file, by column and reason; a reason of no column is one of the record.
select
    source_name,
    source_sha256,
    coalesce(column_name, 'record') as column_name,
    reason_code,
    cast(sum(row_count) as bigint) as row_count
from {{ ref('stg_ingest__quarantine_reasons') }}
group by source_name, source_sha256, coalesce(column_name, 'record'), reason_code
