-- Parties that a shared contact and one check make one. A single day has no remembered contacts, so
-- only contacts of several receipts of the day can link.
create macro contacts(contact, is_usable) as table
with usable as (
    select
        contact as contact_key, consignee_party_id as party, consignee_name_key as name,
        case when consignee_address_status = 'complete' then consignee_address_key end as address
    from consignments
    where is_active and consignee_party_id is not null and is_usable
),

repeated as (
    select contact_key from usable group by all having count(*) >= rule_number('PARTY_STATE_RECEIPTS')
)

select distinct *
from usable semi join repeated using (contact_key)
qualify min(party) over (partition by contact_key) < max(party) over (partition by contact_key);
create temp table by_phone as
from contacts(consignee_phone_key, consignee_phone_status = 'valid');
create temp table by_address as
from contacts(consignee_address_key, consignee_address_status = 'complete');

-- A contact of more people than the limit is a locker or an office: its names, and each party without
-- one. Within the others each party is linked with the smallest that agrees.
create macro within_limit(contacts) as table
select * from query_table(contacts)
where contact_key in (
    select contact_key from query_table(contacts) group by all
    having count(distinct coalesce(name, party)) <= rule_number('PARTY_FAN_IN_LIMIT')
);
create macro agreeing(contacts, check_key, reason) as table
select distinct first_party as party_id, party as other_party_id, reason as link_reason
from (
    select party, min(party) over (partition by contact_key, check_key) as first_party
    from within_limit(contacts) where check_key is not null
)
where first_party < party;
create temp table party_links as
select getvariable('day') as day, * from agreeing('by_phone', name, 'phone_name')
union all
select getvariable('day'), * from agreeing('by_phone', address, 'phone_address')
union all
select getvariable('day'), * from agreeing('by_address', name, 'address_name');
copy party_links
to (getvariable('marts') || '/risk.fct_party_links.parquet') (format parquet, compression zstd);

-- The smallest party within five steps names its component.
create temp table steps as
select party_id as node, other_party_id as neighbour from party_links
union select other_party_id, party_id from party_links
union select party_id, party_id from party_links
union select other_party_id, other_party_id from party_links;
create temp table owners as
with recursive labels as (
    select 0 as round, node, node as label from steps group by all
    union all
    select round + 1, steps.node, min(label)
    from steps inner join labels on neighbour = labels.node
    where round < 5
    group by round, steps.node
)

select node as consignee_party_id, label as owner_id
from labels where round = 5 and label <> node;

-- Receipts of one owner, each within the relief value and together above it.
create temp table splits as
with members as (
    select subject, receipt_reference, consignment_kind, consignee_party_id, value_vnd,
        coalesce(owner_id, consignee_party_id) as owner_id, master_waybill_number as master,
        consignor_party_id as consignor
    from subjects left join owners using (consignee_party_id)
    where consignee_party_key <> 'none' and value_vnd is not null
),

few as (
    select owner_id from members where value_vnd <= rule_vnd('AGGREGATE_SAME_OWNER')
    group by owner_id having sum(value_vnd) > rule_vnd('AGGREGATE_SAME_OWNER')
),

kinds as (
    select
        owner_id, receipt_reference, consignment_kind, sum(value_vnd) as value_vnd,
        min(master) as master, min(consignor) as consignor, min(consignee_party_id) as consignee
    from members semi join few using (owner_id)
    group by all
),

receipts as (
    select
        owner_id, receipt_reference, max(value_vnd) as value_vnd, min(master) as master,
        min(consignor) as consignor, min(consignee) as consignee
    from kinds
    group by all having max(value_vnd) <= rule_vnd('AGGREGATE_SAME_OWNER')
),

links as (
    select *, 'master_waybill' as link, master as link_key from receipts where master is not null
    union all
    select *, 'consignor', cast(consignor as varchar) from receipts where consignor is not null
    union all
    select *, 'same_day', 'none' from receipts where master is null and consignor is null
),

groups as (
    select
        owner_id, link, link_key, count(*) as receipts, sum(value_vnd) as value_vnd,
        count(distinct consignee) as identities
    from links
    group by all having sum(value_vnd) > rule_vnd('AGGREGATE_SAME_OWNER')
),

fired as (
    select
        owner_id, receipt_reference, max(groups.receipts) as receipts,
        max(groups.value_vnd) as value_vnd, max(identities) as identities,
        to_json(list(link order by link)) as links
    from links inner join groups using (owner_id, link, link_key)
    group by all
)

select
    subject, owner_id, '{' || concat_ws(',', '"receipts":' || receipts,
        '"sum_vnd":' || fired.value_vnd, '"limit_vnd":' || rule_vnd('AGGREGATE_SAME_OWNER'),
        '"identities":' || nullif(identities, 1), '"links":' || links) || '}' as evidence
from members inner join fired using (owner_id, receipt_reference);
