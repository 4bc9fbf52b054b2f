-- Periods of apparent consumption, with what counts as an increase on their last day.
with ends as (

    select distinct
        period_kind,
        period_start,
        case period_kind
            when 'year' then {{ last_day_of_year('period_start') }}
            else {{ last_day_of_quarter('period_start') }}
        end as day
    from {{ ref('fct_apparent_consumption') }}

),

days as (

    select distinct day
    from ends

),

rules as (

    {{ parameters_by_day({
        'absolute_percent': ['INCREASE_ABSOLUTE_PERCENT', 'decimal(9, 4)'],
        'relative_points': ['INCREASE_RELATIVE_POINTS', 'decimal(9, 4)'],
    }, days='days') }}

)

select
    ends.period_kind,
    ends.period_start,
    rules.absolute_percent,
    rules.relative_points
from ends
left join rules on ends.day = rules.day
