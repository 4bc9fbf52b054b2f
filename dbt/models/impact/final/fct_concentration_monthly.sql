{{ config(materialized='day_window') }}

-- How concentrated each market of a month is: HHI, effective number of units, share of the one, two
-- and four largest, by customs value. Low takes the unknown remainder for many small units, high for
-- a single one. A market is a dimension and a chapter, or all chapters together.
with months as (

    select
        cast(date_trunc('month', day) as date) as month,
        dimension,
        hs_chapter,
        unit_code,
        sum(customs_value_vnd) as customs_value_vnd
    from {{ ref('int_concentration__unit_days') }}
    where {{ in_months_of_window('day') }}
    group by cast(date_trunc('month', day) as date), dimension, hs_chapter, unit_code

),

units as (

    select month, dimension, hs_chapter, unit_code, customs_value_vnd
    from months

    union all

    select
        month,
        dimension,
        'all' as hs_chapter,
        unit_code,
        sum(customs_value_vnd) as customs_value_vnd
    from months
    group by month, dimension, unit_code

),

shares as (

    select
        units.*,
        unit_code <> 'unknown' as is_known,
        sum(customs_value_vnd) over (partition by month, dimension, hs_chapter) as total_vnd,
        row_number() over (
            partition by month, dimension, hs_chapter, unit_code = 'unknown'
            order by customs_value_vnd desc nulls last, unit_code asc nulls last
        ) as rank_of_known,
        row_number() over (
            partition by month, dimension, hs_chapter
            order by customs_value_vnd desc nulls last, unit_code asc nulls last
        ) as rank_of_all
    from units

),

squared as (

    select
        shares.*,
        {{ squared_share('customs_value_vnd', 'total_vnd') }} as squared_share
    from shares

),

markets as (

    select
        month,
        dimension,
        hs_chapter,
        max(total_vnd) as total_vnd,
        count(case when is_known and customs_value_vnd > 0 then 1 end) as unit_count,
        sum(case when not is_known then customs_value_vnd else 0 end) as unknown_vnd,
        sum(case when is_known then squared_share else 0 end) as squares_low,
        sum(squared_share) as squares_high
        {%- for most in (1, 2, 4) %},
        sum(
            case when is_known and rank_of_known <= {{ most }} then customs_value_vnd else 0 end
        ) as largest_{{ most }}_low_vnd,
        sum(
            case when rank_of_all <= {{ most }} then customs_value_vnd else 0 end
        ) as largest_{{ most }}_high_vnd
        {%- endfor %}
    from squared
    group by month, dimension, hs_chapter

),

days_seen as (

    select
        cast(date_trunc('month', day) as date) as month,
        count(distinct day) as days_covered
    from {{ ref('fct_import_flows_daily') }}
    where {{ in_months_of_window('day') }}
    group by cast(date_trunc('month', day) as date)

)

select
    markets.month,
    markets.dimension,
    markets.hs_chapter,
    days_seen.days_covered,
    cast({{ days_of_month('markets.month') }} as bigint) as days_in_month,
    markets.unit_count,
    cast(markets.total_vnd as decimal(38, 2)) as customs_value_vnd,
    {{ percent_in_full('markets.unknown_vnd', 'markets.total_vnd') }} as unknown_share_percent,
    {{ hhi_of('markets.squares_low') }} as hhi_low,
    {{ hhi_of('markets.squares_high') }} as hhi_high,
    {{ effective_number_of('markets.squares_high') }} as effective_number_low,
    {{ effective_number_of('markets.squares_low') }} as effective_number_high
    {%- for most in (1, 2, 4) %},
    {{ percent_in_full('markets.largest_' ~ most ~ '_low_vnd', 'markets.total_vnd') }}
        as largest_{{ most }}_low_percent,
    {{ percent_in_full('markets.largest_' ~ most ~ '_high_vnd', 'markets.total_vnd') }}
        as largest_{{ most }}_high_percent
    {%- endfor %},
    case when markets.total_vnd = 0 then 'market_without_value' end as reason_code
from markets
inner join days_seen on markets.month = days_seen.month
