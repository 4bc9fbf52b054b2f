-- What each member of a dimension had in a month and in the month before, or a year before; zero
-- where it had nothing in a month that is known. A month is compared when both are complete.
with amounts as (

    select
        month, dimension, member_code, basis, is_complete_month,
        'customs_value_vnd' as measure,
        customs_value_vnd as amount
    from {{ ref('int_flows__months') }}

    union all

    select
        month, dimension, member_code, basis, is_complete_month,
        'consignments' as measure,
        cast(consignments as decimal(38, 2)) as amount
    from {{ ref('int_flows__months') }}

),

periods as (

    select distinct month, dimension, basis, is_complete_month
    from amounts

),

asked as (

    select periods.*, 'month' as comparison, {{ month_before('month') }} as earlier_month
    from periods

    union all

    select periods.*, 'year' as comparison, {{ year_before('month') }} as earlier_month
    from periods

),

compared as (

    select
        asked.month,
        asked.dimension,
        asked.comparison,
        asked.basis,
        asked.earlier_month,
        earlier.basis as earlier_basis,
        case
            when not asked.is_complete_month then 'incomplete_month'
            when earlier.month is null then 'earlier_month_missing'
            when not earlier.is_complete_month then 'earlier_month_incomplete'
        end as reason_code
    from asked
    left join periods as earlier
        on asked.earlier_month = earlier.month
        and asked.dimension = earlier.dimension

),

sides as (

    select
        compared.*,
        amounts.measure,
        amounts.member_code,
        amounts.amount,
        cast(0 as decimal(38, 2)) as earlier_amount
    from compared
    inner join amounts
        on compared.month = amounts.month
        and compared.dimension = amounts.dimension

    union all

    select
        compared.*,
        amounts.measure,
        amounts.member_code,
        cast(0 as decimal(38, 2)) as amount,
        amounts.amount as earlier_amount
    from compared
    inner join amounts
        on compared.earlier_month = amounts.month
        and compared.dimension = amounts.dimension
    where compared.reason_code is null

)

select
    month,
    dimension,
    comparison,
    measure,
    member_code,
    basis,
    earlier_month,
    earlier_basis,
    reason_code,
    cast(sum(amount) as decimal(38, 2)) as amount,
    case when reason_code is null then cast(sum(earlier_amount) as decimal(38, 2)) end
        as earlier_amount
from sides
group by
    month, dimension, comparison, measure, member_code, basis, earlier_month, earlier_basis,
    reason_code
