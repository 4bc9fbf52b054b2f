{{ config(materialized='whole_table') }}

-- Which months are held whole, and by whom they are told: by parcels on every day, or, where no
-- parcel day is held, by aggregates. The two are never added up.
with parcel_days as (

    select
        cast(date_trunc('month', day) as date) as month,
        count(distinct day) as parcel_days
    from {{ ref('fct_import_flows_daily') }}
    group by cast(date_trunc('month', day) as date)

),

-- what was received before its month was over may be half a month
aggregated as (

    select
        month,
        count(distinct case when period_kind = 'day' then period_start end) as aggregate_days,
        max(
            case
                when period_kind = 'month' and period_start = month and received_date > last_day(month)
                    then 1
                else 0
            end
        ) as has_month
    from {{ ref('stg_aggregates__flows') }}
    group by month

),

told as (

    select
        month,
        max(parcel_days) as parcel_days,
        max(aggregate_days) as aggregate_days,
        max(has_month) as has_month,
        cast(extract(day from last_day(month)) as bigint) as days_in_month,
        last_day(month) as day
    from (
        select
            month,
            parcel_days,
            0 as aggregate_days,
            0 as has_month
        from parcel_days
        union all
        select
            month,
            0 as parcel_days,
            aggregate_days,
            has_month
        from aggregated
    ) as both_ways
    group by month

),

rules as (

    {{ parameters_by_day({
        'window_months': ['PRICE_INDEX_WINDOW_MONTHS', 'bigint'],
        'least_months_seen': ['PRICE_INDEX_LEAST_MONTHS', 'bigint'],
        'most_log_relative': ['PRICE_INDEX_MOST_LOG_RELATIVE', 'decimal(9, 6)'],
        'sign_off_log_change': ['PRICE_INDEX_SIGN_OFF_LOG_CHANGE', 'decimal(9, 6)'],
    }, days='told') }}

),

judged as (

    select
        told.*,
        case
            when parcel_days = days_in_month then 'parcels'
            when parcel_days > 0 then 'none'
            when has_month = 1 then 'month_aggregates'
            when aggregate_days = days_in_month then 'day_aggregates'
            else 'none'
        end as told_by
    from told

)

select
    judged.month,
    {{ month_number('judged.month') }} as month_no,
    judged.told_by,
    judged.told_by <> 'none' as is_whole,
    case
        when judged.told_by <> 'none' then null
        when judged.parcel_days > 0 and (judged.aggregate_days > 0 or judged.has_month = 1)
            then 'parcels_of_some_days_beside_aggregates'
        else 'days_missing'
    end as gap_reason,
    cast(judged.parcel_days as bigint) as parcel_days,
    cast(judged.aggregate_days as bigint) as aggregate_days,
    judged.days_in_month,
    rules.window_months,
    rules.least_months_seen,
    {{ nano('rules.most_log_relative') }} as most_log_relative_nano,
    {{ nano('rules.sign_off_log_change') }} as sign_off_log_change_nano
from judged
inner join rules
    on judged.day = rules.day
