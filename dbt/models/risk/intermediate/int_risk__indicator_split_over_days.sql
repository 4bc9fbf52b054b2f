-- Red flag (v) read over days, which the dispatch does not say: receipts of one owner from one sender,
-- each within the limit for one owner, together above it within the window (int_risk__owners_over_days).
-- It fires on the receipts of the day; those of earlier days are through.
select
    pieces.consignment_id,
    pieces.day,
    'split_over_days' as indicator_id,
    {{ evidence([
        ['receipts', 'owners.receipts', 'number'],
        ['sum_vnd', 'owners.value_vnd', 'number'],
        ['limit_vnd', 'owners.limit_vnd', 'number'],
        ['active_days', 'owners.active_days', 'number'],
        ['span_days', 'owners.span_days', 'number'],
    ]) }} as evidence
from {{ ref('int_risk__small_consignments') }} as pieces
inner join {{ ref('int_risk__owners_over_days') }} as owners
    on pieces.day = owners.day
    and pieces.owner_party_id = owners.owner_party_id
    and pieces.consignor_party_id = owners.consignor_party_id
