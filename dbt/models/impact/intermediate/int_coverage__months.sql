-- What covers a month, its weakest part, and the limits of grades on the month's last day.
with months as (

    select
        month,
        basis,
        days_covered,
        days_in_month,
        consignments,
        consignments_without_value,
        cast(last_day(month) as date) as day
    from {{ ref('int_flows__months') }}
    where dimension = 'total'

),

measured as (

    select
        months.*,
        {{ percent_in_full('days_covered', 'days_in_month') }} as days_covered_percent,
        {{ percent_in_full(
            'consignments - consignments_without_value', 'consignments'
        ) }} as with_value_percent
    from months

),

weakest as (

    select
        measured.*,
        least(days_covered_percent, coalesce(with_value_percent, days_covered_percent))
            as weakest_percent,
        case
            when with_value_percent < days_covered_percent then 'without_value'
            else 'days_missing'
        end as weakest_part
    from measured

)

select
    weakest.*,
    limits.grade_a_percent,
    limits.grade_b_percent,
    limits.grade_c_percent
from weakest
left join (
    {{ parameters_by_day({
        'grade_a_percent': ['CONFIDENCE_A_COVERAGE', 'decimal(18, 4)'],
        'grade_b_percent': ['CONFIDENCE_B_COVERAGE', 'decimal(18, 4)'],
        'grade_c_percent': ['CONFIDENCE_C_COVERAGE', 'decimal(18, 4)'],
    }, days='weakest') }}
) as limits
    on weakest.day = limits.day
