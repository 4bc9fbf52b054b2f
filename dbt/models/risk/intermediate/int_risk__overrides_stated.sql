{{ config(materialized='ephemeral') }}
-- Every decision as it was sent, whether or not anybody declared its consignment.
select
    consignment_id,
    decided_at,
    decided_date,
    office_code,
    unit,
    override,
    risk_type,
    reason,
    sender,
    source_sha256,
    source_line
from {{ ref('stg_enforcement__selection_overrides') }}
