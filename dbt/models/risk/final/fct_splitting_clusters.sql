-- Receipts within the relief value that together pass it: the cluster, not the parcel, is what an
-- officer looks at (red flag (v) of dispatch 3923). Of the days up to the last one held.
with clusters as (

    select
        cluster_id,
        cluster_kind,
        window_days,
        last_day,
        first_key,
        second_key,
        legal_instrument_id,
        evidence_grade,
        min(day) as first_receipt_day,
        count(*) as receipts,
        count(distinct day) as active_days,
        count(distinct consignee_party_id) as distinct_consignees,
        count(distinct master_waybill_number) as distinct_master_waybills,
        count(distinct operator_code) as distinct_operators,
        cast(sum(value_vnd) as decimal(38, 2)) as value_vnd,
        cast(max(value_vnd) as decimal(38, 2)) as largest_receipt_vnd,
        cast(max(limit_vnd) as decimal(18, 2)) as limit_vnd
    from {{ ref('int_risk__splitting_members') }}
    group by
        cluster_id,
        cluster_kind,
        window_days,
        last_day,
        first_key,
        second_key,
        legal_instrument_id,
        evidence_grade

)

select
    cluster_id,
    cluster_kind,
    window_days,
    last_day,
    cast(
        row_number() over (
            partition by cluster_kind, window_days, last_day
            order by value_vnd desc, receipts desc, cluster_id asc nulls last
        ) as bigint
    ) as rank_in_window,
    case when cluster_kind in ('consignee_master', 'consignee_sender') then first_key end
        as consignee_party_id,
    case when cluster_kind in ('consignee_sender', 'address_sender') then second_key end
        as consignor_party_id,
    case when cluster_kind = 'address_sender' then first_key end as consignee_address_token,
    case when cluster_kind = 'consignee_master' then second_key end as master_waybill_number,
    first_receipt_day,
    receipts,
    active_days,
    distinct_consignees,
    distinct_master_waybills,
    distinct_operators,
    value_vnd,
    largest_receipt_vnd,
    limit_vnd,
    {{ share_in_millionths('value_vnd', 'limit_vnd') }} as value_to_limit_micro,
    legal_instrument_id,
    evidence_grade
from clusters
