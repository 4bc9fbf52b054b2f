{{ config(materialized='whole_table') }}
-- Later days whose price preferences rest on a past that the run changed. Part of
-- int_risk__stale_days, apart for its size.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

{% set held %}
    select day from {{ ref('int_risk__goods_days') }}
    union
    select day from {{ ref('fct_price_preference') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

parameters as (

    select
        day,
        {{ add_days('day', '-lookback_days') }} as preference_history_from,
        least_consignments,
        least_sellers,
        mad_factor,
        least_mad_micro
    from (
        {{ parameters_by_day({
            'lookback_days': ['PRICE_PREFERENCE_DAYS', 'integer'],
            'least_consignments': ['PRICE_PREFERENCE_CONSIGNMENTS', 'bigint'],
            'least_sellers': ['PRICE_PREFERENCE_SELLERS', 'bigint'],
            'mad_factor': ['PRICE_PREFERENCE_MAD_FACTOR', 'bigint'],
            'least_mad_micro': ['PRICE_PREFERENCE_MIN_MAD', 'bigint'],
        }, days='later') }}
    ) as by_day

),

-- Only days that look back to a computed day.
{{ reached_days({
    'preference': ['least_consignments', 'least_sellers', 'mad_factor', 'least_mad_micro'],
}) }},

preferences as (

    {{ price_preferences('preference_reached') }}

),

{{ changed_states([
    (
        'preferences', [
            'seller_key', 'channel', 'preference_kind', 'preferred_value', 'consignments',
            'share_micro', 'sellers_compared', 'peer_median_micro', 'limit_micro',
        ], ref('fct_price_preference'), 'preference_reached',
    ),
]) }}
select
    day,
    'preferences' as reason
from changed_preferences
