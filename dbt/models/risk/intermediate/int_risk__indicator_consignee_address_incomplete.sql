-- Dispatch 3923/TCHQ-GSQL (i). A false address needs a visit: it cannot be seen here.
select
    consignment_id,
    day,
    'consignee_address_incomplete' as indicator_id,
    {{ evidence([
        ['address_status', "coalesce(consignee_address_status, 'missing')", 'text'],
    ]) }} as evidence
from {{ ref('int_risk__home_subjects') }}
where coalesce(consignee_address_status, 'missing') in ('incomplete', 'missing')
