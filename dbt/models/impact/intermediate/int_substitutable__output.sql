-- What was made at home in the months before each month of flows, as far as it is out on the last day
-- held: a late figure changes a past month without an order of runs.
with months as (

    select
        month,
        {{ month_number('month') }} as month_no,
        last_day(month) as day
    from {{ ref('int_substitutable__flows') }}
    group by month

),

rules as (

    {{ parameters_by_day({
        'output_months': ['SURGE_OUTPUT_MONTHS', 'bigint'],
    }, days='months') }}

),

windows as (

    select
        months.month,
        months.month_no,
        rules.output_months
    from months
    inner join rules on months.day = rules.day

)

{{ domestic_output('windows') }}
