-- The months of the price index as ends of windows, the gates in force, and the end of the window a
-- year before. A window that holds the month of the lunar new year is compared with one that holds
-- it in the same place, one without it with one without: 12, 13 or 11 months back, in that order.
{% set ways_back = [12, 13, 11] %}
-- the least number of months from one new year to the next, less one
{% set months_to_next = 10 %}
with months as (

    select distinct
        month,
        {{ month_number('month') }} as month_no,
        last_day(month) as day
    from {{ ref('fct_price_index_monthly') }}

),

rules as (

    {{ parameters_by_day({
        'window_months': ['SURGE_WINDOW_MONTHS', 'bigint'],
        'history_months': ['SURGE_HISTORY_MONTHS', 'bigint'],
        'least_history': ['SURGE_LEAST_HISTORY', 'bigint'],
        'min_value_vnd': ['SURGE_MIN_VALUE', 'decimal(18, 2)'],
        'volume_percent': ['SURGE_VOLUME_PERCENT', 'decimal(9, 4)'],
        'price_percent': ['SURGE_PRICE_PERCENT', 'decimal(9, 4)'],
        'least_z': ['SURGE_LEAST_Z', 'decimal(9, 4)'],
        'false_discovery_percent': ['SURGE_FALSE_DISCOVERY_PERCENT', 'decimal(9, 4)'],
        'output_months': ['SURGE_OUTPUT_MONTHS', 'bigint'],
    }, days='months') }}

),

new_years as (

    select {{ month_number('new_year_date') }} as month_no
    from {{ ref('lunar_new_years') }}

),

known_new_years as (

    select
        min(month_no) as first_month_no,
        max(month_no) as last_month_no
    from new_years

),

candidates as (

    select
        months.month,
        months.month_no,
        rules.*,
        ways.preference,
        months.month_no - ways.months_back as base_month_no
    from months
    inner join rules on months.day = rules.day
    cross join (
        {% for months_back in ways_back %}
        select
            {{ months_back }} as months_back,
            {{ loop.index }} as preference
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as ways

),

placed as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.month
            order by
                case
                    when
                        coalesce(of_window.month_no - candidates.month_no, 1)
                        = coalesce(of_base.month_no - candidates.base_month_no, 1)
                        then 0
                    else 1
                end asc nulls last,
                candidates.preference asc nulls last
        ) as choice
    from candidates
    left join new_years as of_window
        on of_window.month_no
        between candidates.month_no - candidates.window_months + 1 and candidates.month_no
    left join new_years as of_base
        on of_base.month_no
        between candidates.base_month_no - candidates.window_months + 1
        and candidates.base_month_no

)

select
    placed.month,
    placed.month_no,
    placed.base_month_no,
    -- before the table of new years begins or after it ends nobody knows which window to take
    placed.base_month_no - placed.window_months >= known.first_month_no
    and placed.month_no <= known.last_month_no + {{ months_to_next }} as is_new_year_known,
    placed.window_months,
    placed.history_months,
    placed.least_history,
    placed.min_value_vnd,
    placed.volume_percent,
    placed.price_percent,
    placed.least_z,
    placed.false_discovery_percent,
    placed.output_months
from placed
cross join known_new_years as known
where placed.choice = 1
