{{ config(materialized='ephemeral') }}

-- Which consignment an inspection speaks of: a stated line means a declaration line, else the
-- reference is a house waybill.
select
    outcomes.*,
    case
        when outcomes.line_number is not null
            then 'D-' || outcomes.consignment_reference || '-' || cast(outcomes.line_number as string)
        else 'P-' || outcomes.consignment_reference
    end as consignment_id
from {{ ref('stg_enforcement__inspection_outcomes') }} as outcomes
