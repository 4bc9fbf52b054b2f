-- Dispatch 3923/TCHQ-GSQL (v): receipts of one owner on one day, each within the relief value,
-- together above it (int_risk__split_consignments says how they are put together).
select
    consignment_id,
    day,
    'split_under_relief' as indicator_id,
    {{ evidence([
        ['receipts', 'receipt_count', 'number'],
        ['sum_vnd', 'group_value_vnd', 'number'],
        ['limit_vnd', 'same_owner_limit_vnd', 'number'],
        ['identities', 'nullif(identity_count, 1)', 'number'],
        ['links', "'[' || links || ']'", 'json'],
    ]) }} as evidence
from {{ ref('int_risk__split_consignments') }}
