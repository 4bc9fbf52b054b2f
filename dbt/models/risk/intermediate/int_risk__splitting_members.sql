{{ config(materialized='whole_table') }}
-- Receipts that together pass the relief value, by every way of putting them together in force. First
-- over the whole period, where most end; then the windows among the few that are left. The owner is
-- who a consignee is found to be by the last day held: identities linked on the last of seven days
-- were one person on the first.
{% set kinds = [
    ('consignee_master', 'owner_party_id', 'master_waybill_number'),
    ('consignee_sender', 'owner_party_id', 'consignor_party_id'),
    ('address_sender', 'address_token', 'consignor_party_id'),
] %}
with period as (

    {{ splitting_period() }}

),

windows as (

    select
        rules.cluster_kind,
        rules.window_days,
        rules.min_receipts,
        rules.legal_instrument_id,
        rules.evidence_grade,
        period.last_day
    from {{ ref('splitting_windows') }} as rules
    inner join period
        on rules.valid_from <= period.last_day
        and (rules.valid_to is null or rules.valid_to >= period.last_day)

),

held as (

    select small.*
    from {{ ref('int_risk__small_receipts') }} as small
    inner join period
        on small.day >= period.first_day
        and small.day <= period.last_day

),

parties as (

    select distinct consignee_party_id as party_id
    from held

),

receipts as (

    select
        held.*,
        coalesce(belonging.component_id, held.consignee_party_id) as owner_party_id
    from held
    left join (
        {{ last_components('parties') }}
    ) as belonging
        on held.consignee_party_id = belonging.party_id

),

{% for kind, first_key, second_key in kinds %}
{{ kind }}_keys as (

    select
        {{ first_key }} as first_key,
        {{ second_key }} as second_key
    from receipts
    where {{ first_key }} is not null and {{ second_key }} is not null
    group by
        {{ first_key }},
        {{ second_key }}
    having sum(value_vnd) > max(limit_vnd)

),

{% endfor %}
linked as (

    {% for kind, first_key, second_key in kinds %}
    select
        '{{ kind }}' as cluster_kind,
        keys.first_key,
        keys.second_key,
        receipts.*
    from receipts
    inner join {{ kind }}_keys as keys
        on receipts.{{ first_key }} = keys.first_key
        and receipts.{{ second_key }} = keys.second_key
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- A window of one day is read on every day; a longer one ends on the last day held.
placed as (

    select
        linked.*,
        windows.window_days,
        windows.min_receipts,
        windows.legal_instrument_id,
        windows.evidence_grade,
        case when windows.window_days = 1 then linked.day else windows.last_day end as last_day
    from linked
    inner join windows
        on linked.cluster_kind = windows.cluster_kind
        and (
            windows.window_days = 1
            or linked.day >= {{ add_days('windows.last_day', '1 - windows.window_days') }}
        )

),

clusters as (

    select
        cluster_kind,
        window_days,
        last_day,
        first_key,
        second_key
    from placed
    group by
        cluster_kind,
        window_days,
        last_day,
        first_key,
        second_key,
        min_receipts
    having
        count(*) >= min_receipts
        and sum(value_vnd) > max(limit_vnd)

)

select
    md5(
        placed.cluster_kind || '|' || cast(placed.window_days as string) || '|'
        || cast(placed.last_day as string) || '|' || placed.first_key || '|' || placed.second_key
    ) as cluster_id,
    placed.cluster_kind,
    placed.window_days,
    placed.last_day,
    placed.first_key,
    placed.second_key,
    placed.legal_instrument_id,
    placed.evidence_grade,
    placed.day,
    placed.receipt_reference,
    placed.consignment_id,
    placed.consignee_party_id,
    placed.consignor_party_id,
    placed.address_token,
    placed.master_waybill_number,
    placed.operator_code,
    placed.value_vnd,
    placed.limit_vnd
from placed
inner join clusters
    on placed.cluster_kind = clusters.cluster_kind
    and placed.window_days = clusters.window_days
    and placed.last_day = clusters.last_day
    and placed.first_key = clusters.first_key
    and placed.second_key = clusters.second_key
