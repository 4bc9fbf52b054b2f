{{ config(materialized='day_window') }}
-- Which prices a seller states far more often than the other sellers of its channel: one price, or
-- one way of ending. As known when the day began; only sellers with enough prices to say so. It does
-- not say why: .99 is what the peers show too, but a shop with one article repeats its price.
with parameters as (

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
        }) }}
    ) as by_day

)

select preferences.*
from (
    {{ price_preferences('parameters') }}
) as preferences
