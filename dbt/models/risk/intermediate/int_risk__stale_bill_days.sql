{{ config(materialized='whole_table') }}
-- Later days whose bills of never seen consignees rest on a past that the run changed. Part of
-- int_risk__stale_days, apart for its size.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

{% set held %}
    select day from {{ ref('int_risk__consignee_days') }}
    union
    select day from {{ ref('fct_first_seen_on_bill') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

parameters as (

    select
        day,
        {{ add_days('day', '-lookback_days') }} as first_seen_history_from,
        least_days,
        least_consignees,
        deviations,
        least_excess_micro
    from (
        {{ parameters_by_day({
            'lookback_days': ['FIRST_SEEN_DAYS', 'integer'],
            'least_days': ['FIRST_SEEN_HISTORY_DAYS', 'bigint'],
            'least_consignees': ['FIRST_SEEN_CONSIGNEES', 'bigint'],
            'deviations': ['FIRST_SEEN_DEVIATIONS', 'bigint'],
            'least_excess_micro': ['FIRST_SEEN_EXCESS', 'bigint'],
        }, days='later') }}
    ) as by_day

),

-- Only days that look back to a computed day.
{{ reached_days({
    'first_seen': ['least_days', 'least_consignees', 'deviations', 'least_excess_micro'],
}) }},

bills_again as (

    {{ first_seen('first_seen_reached') }}

),

{{ changed_states([
    (
        'bills_again', [
            'master_waybill_number', 'channel', 'consignees', 'consignees_first_seen',
            'other_consignees', 'other_share_micro', 'earlier_days', 'is_every_consignee',
        ], ref('fct_first_seen_on_bill'), 'first_seen_reached',
    ),
]) }}
select
    day,
    'first_seen' as reason
from changed_bills_again
