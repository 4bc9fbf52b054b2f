-- How much of a month its figures cover, and the grade of confidence that follows: the weakest part
-- decides, and is named.
select
    month,
    basis,
    days_covered,
    days_in_month,
    days_covered_percent,
    consignments,
    consignments_without_value,
    with_value_percent,
    case
        when weakest_percent >= grade_a_percent then 'A'
        when weakest_percent >= grade_b_percent then 'B'
        when weakest_percent >= grade_c_percent then 'C'
        else 'D'
    end as confidence_grade,
    case when weakest_percent < 100 then weakest_part end as reason_code
from {{ ref('int_coverage__months') }}
