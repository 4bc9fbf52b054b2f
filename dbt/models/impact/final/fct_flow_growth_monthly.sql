-- Growth, and what each member of a dimension contributes to it. Contributions in dong are
-- differences and add up by themselves. In basis points of the earlier total they are floored, and
-- the points that are left go one each to the members with the largest remainders (largest
-- remainder method; ties by code), so that they add up to the growth of the total exactly.
with changes as (

    select
        moves.*,
        moves.amount - moves.earlier_amount as change,
        sum(moves.amount - moves.earlier_amount) over (
            partition by moves.month, moves.dimension, moves.comparison, moves.measure
        ) as total_change,
        sum(moves.earlier_amount) over (
            partition by moves.month, moves.dimension, moves.comparison, moves.measure
        ) as total_earlier_amount
    from {{ ref('int_flows__moves') }} as moves

),

points as (

    select
        changes.*,
        {{ whole_number(basis_points('change', 'earlier_amount')) }} as growth_bp,
        {{ whole_number(basis_points('total_change', 'total_earlier_amount')) }} as total_growth_bp,
        {{ basis_points('change', 'total_earlier_amount') }} as contribution,
        try_cast(floor({{ basis_points('change', 'total_earlier_amount') }}) as bigint)
            as whole_points
    from changes

),

ranked as (

    select
        points.*,
        sum(whole_points) over (
            partition by month, dimension, comparison, measure
        ) as total_whole_points,
        count(*) over (partition by month, dimension, comparison, measure)
        - count(whole_points) over (partition by month, dimension, comparison, measure)
            as members_without_points,
        row_number() over (
            partition by month, dimension, comparison, measure
            order by
                {{ fixed_point('contribution - floor(contribution)') }} desc nulls last,
                member_code asc nulls last
        ) as remainder_rank
    from points

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
    amount,
    earlier_amount,
    cast(change as decimal(38, 2)) as change,
    growth_bp,
    cast(total_change as decimal(38, 2)) as total_change,
    case when members_without_points = 0 then total_growth_bp end as total_growth_bp,
    case
        when members_without_points = 0 and total_growth_bp is not null
            then
                whole_points
                + case when remainder_rank <= total_growth_bp - total_whole_points then 1 else 0 end
    end as contribution_bp,
    case
        when reason_code is not null then reason_code
        when total_earlier_amount = 0 then 'earlier_total_zero'
        when members_without_points > 0 or total_growth_bp is null then 'beyond_scale'
        when growth_bp is null then 'earlier_amount_zero'
    end as reason_code
from ranked
