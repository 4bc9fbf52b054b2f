-- How much of a month its figures cover, and the grade of confidence that follows: the weakest part
-- decides, and is named. Limits are those of the month's last day.
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
    weakest.month,
    weakest.basis,
    weakest.days_covered,
    weakest.days_in_month,
    weakest.days_covered_percent,
    weakest.consignments,
    weakest.consignments_without_value,
    weakest.with_value_percent,
    case
        when weakest.weakest_percent >= limits.grade_a_percent then 'A'
        when weakest.weakest_percent >= limits.grade_b_percent then 'B'
        when weakest.weakest_percent >= limits.grade_c_percent then 'C'
        else 'D'
    end as confidence_grade,
    case when weakest.weakest_percent < 100 then weakest.weakest_part end as reason_code
from weakest
left join (
    {{ parameters_by_day({
        'grade_a_percent': ['CONFIDENCE_A_COVERAGE', 'decimal(18, 4)'],
        'grade_b_percent': ['CONFIDENCE_B_COVERAGE', 'decimal(18, 4)'],
        'grade_c_percent': ['CONFIDENCE_C_COVERAGE', 'decimal(18, 4)'],
    }, days='weakest') }}
) as limits
    on weakest.day = limits.day
