{{ config(materialized='whole_table') }}
-- Later days, not computed by this run, whose marts rest on a past that the run changed: the state
-- that such a day reads is made again and compared with the one it was computed from. How far back
-- a day reads is the law of that day. The run then computes these days too (docs/adr/0014).
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

{% set held %}
    select day from {{ ref('int_prices__daily_histogram') }}
    union
    select day from {{ ref('int_risk__contact_days') }}
    union
    select day from {{ ref('int_risk__platform_sign_days') }}
    union
    select known_date as day from {{ ref('stg_enforcement__inspection_outcomes') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

parameters as (

    select
        day,
        {{ add_days('day', '-price_lookback_days') }} as price_history_from,
        {{ add_days('day', '-contact_lookback_days') }} as contact_history_from,
        {{ add_days('day', '-outcome_lookback_days') }} as outcome_history_from,
        {{ add_days('day', '-platform_lookback_days') }} as platform_history_from,
        platform_least_parcels,
        platform_least_percent,
        platform_stated_percent
    from (
        {{ parameters_by_day({
            'price_lookback_days': ['PRICE_LOOKBACK_DAYS', 'integer'],
            'contact_lookback_days': ['SHARED_CONTACT_LOOKBACK_DAYS', 'integer'],
            'outcome_lookback_days': ['OUTCOME_LOOKBACK_DAYS', 'integer'],
            'platform_lookback_days': ['PLATFORM_LIKENESS_LOOKBACK_DAYS', 'integer'],
            'platform_least_parcels': ['PLATFORM_LIKENESS_PARCELS', 'bigint'],
            'platform_least_percent': ['PLATFORM_LIKENESS_PERCENT', 'bigint'],
            'platform_stated_percent': ['PLATFORM_LIKENESS_STATED', 'bigint'],
        }, days='later') }}
    ) as by_day

),

-- Only days that look back to a computed day.
{% set thresholds = ['platform_least_parcels', 'platform_least_percent', 'platform_stated_percent'] %}
{{ reached_days({
    'price': [], 'contact': [], 'outcome': [], 'platform': thresholds
}) }},

peers as (

    {{ peer_statistics('price_reached') }}

),

contacts as (

    {{ contact_history('contact_reached') }}

),

likenesses as (

    {{ platform_likeness('platform_reached') }}

),

inspected as (

    {{ inspected_consignments('outcome_reached') }}

),

inspections as (

    {{ inspected_indicators('inspected') }}

),

{% set peer_state = ['measure'] + peer_columns() + [
    'peer_count', 'median_log_price_micro', 'mad_log_price_micro',
] %}
{% set contact_columns = ['contact_kind', 'contact_token', 'earlier_days'] %}
{% set likeness_columns = [
    'sign_kind', 'sign_value', 'platform_code', 'parcel_count', 'platform_share_micro',
] %}
{% set result_columns = [
    'consignment_id', 'consignment_day', 'stratum', 'result', 'finding_type', 'customs_office_code',
    'reported_method', 'selection_probability', 'found_value_vnd',
] %}
{% set inspection_columns = [
    'consignment_id', 'indicator_id', 'risk_type', 'stratum', 'consignment_day', 'has_finding',
    'has_matching_finding',
] %}
{{ changed_states([
    ('peers', peer_state, ref('int_prices__peer_statistics'), 'price_reached'),
    ('contacts', contact_columns, ref('int_risk__contact_history'), 'contact_reached'),
    (
        'likenesses', likeness_columns, ref('int_risk__platform_likeness'), 'platform_reached',
    ),
    ('inspected', result_columns, ref('int_risk__inspected_consignments'), 'outcome_reached'),
    ('inspections', inspection_columns, ref('int_risk__inspected_indicators'), 'outcome_reached'),
], told=6) }}
-- A peer group is read by days on which goods of it were priced.
select
    changed_peers.day,
    'prices' as reason
from changed_peers
inner join (
    select histogram.*
    from price_reached
    inner join {{ ref('int_prices__daily_histogram') }} as histogram
        on price_reached.day = histogram.day
) as read_by
    on changed_peers.day = read_by.day
    and changed_peers.hs_chapter = read_by.hs_chapter
    and changed_peers.goods_group in (read_by.goods_group, '*')
    and changed_peers.origin_country_code in (read_by.origin_country_code, '*')
    and changed_peers.channel in (read_by.channel, '*')
    and changed_peers.trade_level = read_by.trade_level
    and changed_peers.measure = read_by.measure
union
select
    day,
    'contacts' as reason
from changed_contacts
union
select
    day,
    'platforms' as reason
from changed_likenesses
union
select
    day,
    'inspections' as reason
from changed_inspections
union
select
    day,
    'inspections' as reason
from changed_inspected
union
select
    day,
    reason
from {{ ref('int_risk__stale_profile_days') }}
union
select
    day,
    reason
from {{ ref('int_risk__stale_entity_days') }}
union
select
    day,
    reason
from {{ ref('int_parties__stale_days') }}
union
select
    day,
    reason
from {{ ref('int_prices__stale_days') }}
union
select
    day,
    reason
from {{ ref('int_risk__stale_bill_days') }}
union
select
    day,
    reason
from {{ ref('int_risk__stale_split_days') }}
union
select
    day,
    reason
from {{ ref('int_risk__stale_selection_days') }}
