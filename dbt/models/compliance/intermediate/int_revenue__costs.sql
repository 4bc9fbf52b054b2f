-- What the site states that collecting the tax of a consignment costs, on the last day of each month.
with ends as (

    select distinct
        cast(date_trunc('month', day) as date) as month,
        last_day(day) as day
    from {{ ref('fct_tax_gap_daily') }}

),

rules as (

    {{ parameters_by_day({'cost_vnd': ['COLLECTION_COST_PER_CONSIGNMENT', 'decimal(18, 2)']}, days='ends') }}

)

select
    ends.month,
    rules.cost_vnd
from ends
left join rules on ends.day = rules.day
