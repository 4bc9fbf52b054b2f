-- A pointer to invented names, about the bill and never about one consignee: far more of its
-- consignees were never seen before than of the other bills of the channel (fct_first_seen_on_bill).
select
    subjects.consignment_id,
    subjects.day,
    'first_seen_consignees' as indicator_id,
    {{ evidence([
        ['master_bill', 'bills.master_waybill_number', 'text'],
        ['consignees', 'bills.consignees', 'number'],
        ['first_seen_share_micro', 'bills.share_micro', 'number'],
        ['other_share_micro', 'bills.other_share_micro', 'number'],
        ['other_consignees', 'bills.other_consignees', 'number'],
        ['earlier_days', 'bills.earlier_days', 'number'],
    ]) }} as evidence
from {{ ref('int_risk__home_subjects') }} as subjects
inner join {{ ref('fct_first_seen_on_bill') }} as bills
    on subjects.day = bills.day
    and subjects.master_waybill_number = bills.master_waybill_number
    and subjects.channel = bills.channel
where subjects.consignment_kind <> 'declaration_line'
