{{ config(materialized='ephemeral') }}

-- Every entry of the ledger for a file and source, with what became of its rows.
select *
from {{ ref('stg_ingest__delivery_outcomes') }}
