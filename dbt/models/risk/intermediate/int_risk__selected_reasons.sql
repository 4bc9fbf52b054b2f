-- Why the model in force chose what it chose: sentences whose features added points.
select distinct
    day,
    consignment_id,
    reason_id
from {{ ref('fct_risk_terms') }}
where points > 0 and reason_id is not null
