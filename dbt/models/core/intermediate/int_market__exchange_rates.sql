-- The last published rate on or before each day, unless it is older than the law's patience:
-- EXCHANGE_RATE_MAX_AGE. The accounting currency is worth one of itself.
with rates as (

    select
        dimension_code as currency_code,
        period_start,
        value as exchange_rate_vnd
    from {{ ref('stg_market__reference_values') }}
    where series_id = 'exchange_rate'

),

days as (

    select day, value as max_age_days
    from {{ ref('int_rules__in_force') }}
    where parameter_id = 'EXCHANGE_RATE_MAX_AGE'

),

candidates as (

    select
        rates.currency_code,
        days.day,
        rates.period_start,
        rates.exchange_rate_vnd,
        row_number() over (
            partition by rates.currency_code, days.day
            order by rates.period_start desc nulls last, rates.exchange_rate_vnd desc
        ) as reverse_rank
    from rates
    inner join days
        on rates.period_start <= days.day
        and {{ days_between('rates.period_start', 'days.day') }} <= days.max_age_days

)

select
    currency_code,
    day,
    try_cast(exchange_rate_vnd as decimal(18, 6)) as exchange_rate_vnd,
    period_start as rate_date
from candidates
where
    reverse_rank = 1
    and currency_code not in (
        select home.value_text
        from {{ ref('int_rules__in_force') }} as home
        where home.parameter_id = 'HOME_CURRENCY'
    )

union all

select
    value_text as currency_code,
    day,
    cast(1 as decimal(18, 6)) as exchange_rate_vnd,
    day as rate_date
from {{ ref('int_rules__in_force') }}
where parameter_id = 'HOME_CURRENCY'
