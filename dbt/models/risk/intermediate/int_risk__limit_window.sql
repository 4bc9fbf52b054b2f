{{ config(materialized='whole_table') }}
-- The days over which the density at limits is read: they end on the last day held, by its law.
with ends as (

    {{ last_day_held() }}

),

parameters as (

    select
        day as last_day,
        {{ rule_number('LIMIT_DENSITY_DAYS', 'integer') }} as lookback_days,
        {{ rule_number('LIMIT_DENSITY_CONSIGNMENTS', 'bigint') }} as least_consignments
    from ({{ rules_in_force('ends') }}) as rules
    group by day

)

select
    last_day,
    {{ add_days('last_day', '1 - lookback_days') }} as first_day,
    least_consignments
from parameters
