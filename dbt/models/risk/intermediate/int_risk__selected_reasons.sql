-- Reasons of a selection, whatever the risk type to which they add points.
select distinct
    day,
    consignment_id,
    reason_id
from {{ ref('fct_risk_reasons') }}
