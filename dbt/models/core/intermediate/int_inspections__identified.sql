{{ config(materialized='ephemeral') }}

-- Which consignment an inspection speaks of: a stated line means a declaration line, else the
-- reference is a house waybill.
select
    outcomes.inspection_id,
    outcomes.finding_type,
    outcomes.consignment_reference,
    outcomes.line_number,
    case
        when outcomes.line_number is not null
            then 'D-' || outcomes.consignment_reference || '-' || cast(outcomes.line_number as string)
        else 'P-' || outcomes.consignment_reference
    end as consignment_id,
    outcomes.selection_method,
    outcomes.selection_probability,
    outcomes.result,
    outcomes.finding_severity,
    outcomes.found_value,
    outcomes.currency_code,
    outcomes.inspected_at,
    outcomes.inspected_date,
    outcomes.known_at,
    outcomes.known_date,
    outcomes.inspector_id_token,
    outcomes.sender,
    outcomes.source_sha256,
    outcomes.source_line
from {{ ref('stg_enforcement__inspection_outcomes') }} as outcomes
