-- Years that industries may be ranked in, with the number of bands in force on their last day.
with years as (

    select cast(date_trunc('year', month) as date) as year_start
    from {{ ref('fct_industry_flows_monthly') }}

    union

    select period_start as year_start
    from {{ ref('int_market__figures') }}
    where
        series_id = 'industry_output'
        and period_kind = 'year'
        and is_out

),

ends as (

    select
        year_start,
        {{ last_day_of_year('year_start') }} as day
    from years

),

rules as (

    {{ parameters_by_day({'band_count': ['EXPOSURE_BANDS', 'bigint']}, days='ends') }}

)

select
    ends.year_start,
    rules.band_count
from ends
left join rules on ends.day = rules.day
