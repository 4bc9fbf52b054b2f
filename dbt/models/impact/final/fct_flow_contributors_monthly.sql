{{ config(materialized='day_window') }}

-- Who stands behind each cell of fct_flows_monthly, for disclosure control; no reader outside customs
-- sees a number of this table. Platforms, operators and declarants are added up exactly. Sellers and
-- importers are kept by day: their number is at least that of the fullest day, their contributions,
-- alone and together, are at most the sums of the days (the second importer: at most the first).
-- What nobody is named for protects nobody: it is shown, not counted among the contributors.
-- By parcels the same, each measure with its own largest contributors.
with exact as (

    select
        cast(date_trunc('month', day) as date) as month,
        dimension,
        member_code,
        contributor_role,
        contributor_code,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as contribution_vnd,
        cast(sum(consignments) as bigint) as contribution_parcel_count
    from {{ ref('int_flows__contributor_days') }}
    where {{ in_months_of_window('day') }}
    group by
        cast(date_trunc('month', day) as date), dimension, member_code, contributor_role,
        contributor_code

),

ranked as (

    select
        exact.*,
        contributor_code <> 'unknown' as is_known,
        row_number() over (
            partition by month, dimension, member_code, contributor_role, contributor_code = 'unknown'
            order by contribution_vnd desc nulls last, contributor_code asc nulls last
        ) as contribution_rank,
        row_number() over (
            partition by month, dimension, member_code, contributor_role, contributor_code = 'unknown'
            order by contribution_parcel_count desc nulls last, contributor_code asc nulls last
        ) as parcel_rank
    from exact

),

totals as (

    select
        month,
        dimension,
        member_code,
        sum(contribution_vnd) as total_vnd,
        sum(contribution_parcel_count) as total_parcel_count
    from exact
    where contributor_role = 'operator'
    group by month, dimension, member_code

),

by_day as (

    select
        cast(date_trunc('month', day) as date) as month,
        dimension,
        member_code,
        contributor_role,
        max(contributor_count) as contributor_count,
        sum(largest_contribution_vnd) as largest_vnd,
        sum(second_contribution_vnd) as second_vnd,
        sum(unknown_contribution_vnd) as unknown_vnd,
        sum(largest_contribution_parcel_count) as largest_parcel_count,
        sum(second_contribution_parcel_count) as second_parcel_count,
        sum(unknown_contribution_parcel_count) as unknown_parcel_count
    from {{ ref('int_flows__largest_days') }}
    where {{ in_months_of_window('day') }}
    group by cast(date_trunc('month', day) as date), dimension, member_code, contributor_role

),

bounded as (

    select
        by_day.*,
        totals.total_vnd,
        totals.total_vnd - by_day.unknown_vnd as known_vnd,
        case
            when by_day.largest_vnd is not null
                then least(by_day.largest_vnd, totals.total_vnd - by_day.unknown_vnd)
        end as most_vnd,
        totals.total_parcel_count,
        totals.total_parcel_count - by_day.unknown_parcel_count as known_parcel_count,
        case
            when by_day.largest_parcel_count is not null
                then
                    least(
                        by_day.largest_parcel_count,
                        totals.total_parcel_count - by_day.unknown_parcel_count
                    )
        end as most_parcel_count
    from by_day
    inner join totals
        on by_day.month = totals.month
        and by_day.dimension = totals.dimension
        and by_day.member_code = totals.member_code

)

select
    ranked.month,
    ranked.dimension,
    ranked.member_code,
    ranked.contributor_role,
    cast(sum(ranked.contribution_vnd) as decimal(38, 2)) as total_vnd,
    'exact' as bound_kind,
    count(case when ranked.is_known then 1 end) as contributor_count,
    max(case when ranked.is_known and ranked.contribution_rank = 1 then ranked.contribution_vnd end)
        as largest_contribution_vnd,
    max(case when ranked.is_known and ranked.contribution_rank = 2 then ranked.contribution_vnd end)
        as second_contribution_vnd,
    cast(
        coalesce(sum(case when not ranked.is_known then ranked.contribution_vnd end), 0)
        as decimal(38, 2)
    ) as unknown_contribution_vnd,
    cast(sum(ranked.contribution_parcel_count) as bigint) as total_parcel_count,
    max(case when ranked.is_known and ranked.parcel_rank = 1 then ranked.contribution_parcel_count end)
        as largest_contribution_parcel_count,
    max(case when ranked.is_known and ranked.parcel_rank = 2 then ranked.contribution_parcel_count end)
        as second_contribution_parcel_count,
    cast(
        sum(case when ranked.is_known then 0 else ranked.contribution_parcel_count end) as bigint
    ) as unknown_contribution_parcel_count
from ranked
group by ranked.month, ranked.dimension, ranked.member_code, ranked.contributor_role

union all

select
    month,
    dimension,
    member_code,
    contributor_role,
    cast(total_vnd as decimal(38, 2)) as total_vnd,
    'bound' as bound_kind,
    contributor_count,
    cast(most_vnd as decimal(38, 2)) as largest_contribution_vnd,
    cast(
        case
            when contributor_role = 'seller' then second_vnd
            when contributor_count > 1 then least(most_vnd, known_vnd - most_vnd)
        end as decimal(38, 2)
    ) as second_contribution_vnd,
    cast(unknown_vnd as decimal(38, 2)) as unknown_contribution_vnd,
    cast(total_parcel_count as bigint) as total_parcel_count,
    cast(most_parcel_count as bigint) as largest_contribution_parcel_count,
    cast(
        case
            when contributor_role = 'seller' then second_parcel_count
            when contributor_count > 1 then least(most_parcel_count, known_parcel_count - most_parcel_count)
        end as bigint
    ) as second_contribution_parcel_count,
    cast(unknown_parcel_count as bigint) as unknown_contribution_parcel_count
from bounded
