-- The months that the run touches, with what their comparison of prices is made by.
with months as (

    select distinct
        cast(date_trunc('month', day) as date) as month,
        last_day(day) as day
    from {{ ref('int_calendar__days') }}

),

rules as (

    {{ parameters_by_day({
        'least_similarity_percent': ['UNDERCUTTING_LEAST_SIMILARITY', 'decimal(9, 4)'],
        'least_margin_percent': ['UNDERCUTTING_LEAST_MARGIN', 'decimal(9, 4)'],
        'delivery_cost_vnd': ['UNDERCUTTING_DELIVERY_COST', 'decimal(18, 2)'],
        'least_comparisons': ['UNDERCUTTING_LEAST_COMPARISONS', 'bigint'],
    }, days='months') }}

),

home as (

    select day, value_text as home_country_code
    from ({{ rules_in_force('months') }}) as in_force
    where parameter_id = 'HOME_COUNTRY'

)

select
    months.month,
    home.home_country_code,
    rules.least_similarity_percent,
    rules.least_margin_percent,
    rules.delivery_cost_vnd,
    rules.least_comparisons
from months
inner join rules on months.day = rules.day
inner join home on months.day = home.day
