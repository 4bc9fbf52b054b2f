{{ config(materialized='whole_table') }}
-- Dispatch 3923/TCHQ-GSQL (v): receipts of one consignee on one day, each within the relief value,
-- together above it. Linked by master bill, by consignor, or by nothing when neither is stated.
-- A consignee is who it is found to be: several identities of one person are one owner. Its receipts
-- of the day are one unit of selection: an officer opens them together or not at all.
-- One receipt is no split: who came once counts only as one identity of several.
with candidates as (

    select day, contact_key as party_id
    from {{ ref('int_consignments__repeated_contacts') }}
    where contact_kind = 'party'
    {% for identity in ['party_id', 'resolved_party_id'] %}
    union
    select day, {{ identity }} as party_id from {{ ref('int_parties__resolved') }}
    {% endfor %}

),

members as (

    select
        subjects.consignment_id,
        subjects.day,
        subjects.consignment_kind,
        subjects.consignee_party_id,
        coalesce(resolved.resolved_party_id, subjects.consignee_party_id) as owner_party_id,
        subjects.receipt_reference,
        subjects.master_waybill_number,
        subjects.consignor_party_id,
        subjects.value_vnd,
        parameters.same_owner_limit_vnd
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join (
        {{ parameters_by_day({
            'same_owner_limit_vnd': ['AGGREGATE_SAME_OWNER', 'decimal(18,2)']
        }) }}
    ) as parameters
        on subjects.day = parameters.day
    inner join candidates
        on subjects.day = candidates.day
        and subjects.consignee_party_id = candidates.party_id
    left join {{ ref('int_parties__resolved') }} as resolved
        on subjects.day = resolved.day
        and subjects.consignee_party_id = resolved.party_id
    where
        subjects.consignee_party_id is not null
        and subjects.consignee_party_key <> 'none'
        and subjects.value_vnd is not null

),

-- A party-day whose small consignments stay within the limit cannot hold a split: most end here.
party_days as (

    select
        day,
        owner_party_id
    from members
    where value_vnd <= same_owner_limit_vnd
    group by
        day,
        owner_party_id
    having sum(value_vnd) > max(same_owner_limit_vnd)

),

-- Lines of a declaration add up to its receipt.
receipt_kinds as (

    select
        members.day,
        members.consignment_kind,
        members.owner_party_id,
        members.receipt_reference,
        members.same_owner_limit_vnd,
        min(members.master_waybill_number) as master_waybill_number,
        min(members.consignor_party_id) as consignor_party_id,
        min(members.consignee_party_id) as consignee_party_id,
        sum(members.value_vnd) as kind_value_vnd
    from members
    inner join party_days
        on members.day = party_days.day
        and members.owner_party_id = party_days.owner_party_id
    group by
        members.day,
        members.consignment_kind,
        members.owner_party_id,
        members.receipt_reference,
        members.same_owner_limit_vnd

),

-- A parcel and the declaration of the same house bill are the same goods: counted once.
receipts as (

    select
        day,
        owner_party_id,
        receipt_reference,
        same_owner_limit_vnd,
        min(master_waybill_number) as master_waybill_number,
        min(consignor_party_id) as consignor_party_id,
        min(consignee_party_id) as consignee_party_id,
        max(kind_value_vnd) as receipt_value_vnd
    from receipt_kinds
    group by
        day,
        owner_party_id,
        receipt_reference,
        same_owner_limit_vnd
    having max(kind_value_vnd) <= same_owner_limit_vnd

),

links as (

    {% for link, key, condition in [
        ('master_waybill', 'master_waybill_number', 'master_waybill_number is not null'),
        ('consignor', 'consignor_party_id', 'consignor_party_id is not null'),
        ('same_day', "'none'", 'master_waybill_number is null and consignor_party_id is null'),
    ] %}
    select
        day,
        owner_party_id,
        receipt_reference,
        consignee_party_id,
        same_owner_limit_vnd,
        receipt_value_vnd,
        '{{ link }}' as link,
        {{ key }} as link_key
    from receipts
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

groups as (

    select
        day,
        owner_party_id,
        link,
        link_key,
        same_owner_limit_vnd,
        count(*) as receipt_count,
        count(distinct consignee_party_id) as identity_count,
        sum(receipt_value_vnd) as group_value_vnd
    from links
    group by
        day,
        owner_party_id,
        link,
        link_key,
        same_owner_limit_vnd
    having sum(receipt_value_vnd) > same_owner_limit_vnd

),

fired as (

    select
        links.day,
        links.owner_party_id,
        links.receipt_reference,
        max(groups.receipt_count) as receipt_count,
        max(groups.identity_count) as identity_count,
        max(groups.group_value_vnd) as group_value_vnd,
        {{ join_sorted(json_text('groups.link'), ',') }} as links,
        max(groups.same_owner_limit_vnd) as same_owner_limit_vnd
    from links
    inner join groups
        on links.day = groups.day
        and links.owner_party_id = groups.owner_party_id
        and links.link = groups.link
        and links.link_key = groups.link_key
    group by
        links.day,
        links.owner_party_id,
        links.receipt_reference

)

select
    members.consignment_id,
    members.day,
    members.owner_party_id,
    fired.receipt_count,
    fired.identity_count,
    fired.group_value_vnd,
    fired.same_owner_limit_vnd,
    fired.links
from members
inner join fired
    on members.day = fired.day
    and members.owner_party_id = fired.owner_party_id
    and members.receipt_reference = fired.receipt_reference
