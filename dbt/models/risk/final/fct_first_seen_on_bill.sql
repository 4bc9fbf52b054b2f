{{ config(materialized='day_window') }}
-- Master bills of which far more consignees were never seen before than of the other bills of the
-- channel on the day. New customers are honest: a bill of nothing but new ones is a pointer to
-- invented names, and says nothing about one of them.
with parameters as (

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
        }) }}
    ) as by_day

)

select shares.*
from (
    {{ first_seen('parameters') }}
) as shares
