-- Months of warning whose horizon is over: as many months later as the rule asks for are whole. And of
-- how many of those months official actions were delivered, be it that there were none. A month of
-- which a chapter or a subheading is told, or a count of all without headings, is not told of.
{% set heading_digits = 4 %}
with months as (

    select distinct
        month,
        {{ month_number('month') }} as month_no,
        last_day(month) as day
    from {{ ref('fct_surge_alerts_monthly') }}

),

rules as (

    {{ parameters_by_day({'horizon_months': ['SURGE_BACKTEST_MONTHS', 'bigint']}, days='months') }}

),

last_day as (

    {{ last_day_held() }}

),

told as (

    select {{ month_number('period_start') }} as month_no
    from {{ ref('int_market__figures') }}
    where
        series_id = 'official_actions'
        and period_kind = 'month'
        and unit_code = 'COUNT'
        and is_out
    group by {{ month_number('period_start') }}
    having
        sum(case when length(member_code) = {{ heading_digits }} or member_code = 'all' then 0 else 1 end) = 0
        and (
            max(case when length(member_code) = {{ heading_digits }} then 1 else 0 end) = 1
            or max(value) = 0
        )

)

select
    months.month,
    months.month_no,
    rules.horizon_months,
    cast(count(told.month_no) as bigint) as months_told
from months
inner join rules on months.day = rules.day
cross join last_day
left join told
    on told.month_no between months.month_no + 1 and months.month_no + rules.horizon_months
where
    -- the month of the day after the last one held is not whole, the one before it is
    months.month_no + rules.horizon_months < {{ month_number(add_days('last_day.day', 1)) }}
group by months.month, months.month_no, rules.horizon_months
