{{ config(materialized='day_window') }}

-- Landed value of cross-border e-commerce beside the retail sales of the same month. The share is a
-- "share of retail", never an import penetration ratio; it is null where no series is loaded. The
-- member 'all' is measured against the retail series 'all', not against the sum of chapters.
with cells as (

    select
        daily.day,
        cast(date_trunc('month', daily.day) as date) as month,
        daily.hs_chapter,
        daily.operator_code,
        daily.consignments,
        daily.consignments_without_value,
        daily.customs_value_vnd,
        daily.customs_value_vnd + daily.duty_due_vnd + daily.vat_due_vnd as landed_value_vnd
    from {{ ref('fct_import_flows_daily') }} as daily
    where
        {{ in_months_of_window('daily.day') }}

),

by_operator as (

    select
        month,
        hs_chapter,
        operator_code,
        sum(consignments) as consignments,
        sum(consignments_without_value) as consignments_without_value,
        sum(customs_value_vnd) as customs_value_vnd,
        sum(landed_value_vnd) as landed_value_vnd
    from cells
    group by month, hs_chapter, operator_code

    union all

    select
        month,
        'all' as hs_chapter,
        operator_code,
        sum(consignments) as consignments,
        sum(consignments_without_value) as consignments_without_value,
        sum(customs_value_vnd) as customs_value_vnd,
        sum(landed_value_vnd) as landed_value_vnd
    from cells
    group by month, operator_code

),

ranked as (

    select
        by_operator.*,
        row_number() over (
            partition by month, hs_chapter
            order by landed_value_vnd desc nulls last, operator_code asc nulls last
        ) as contribution_rank
    from by_operator

),

landed as (

    select
        month,
        hs_chapter,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_without_value) as bigint) as consignments_without_value,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
        cast(sum(landed_value_vnd) as decimal(38, 2)) as landed_value_vnd,
        count(*) as contributor_count,
        max(case when contribution_rank = 1 then landed_value_vnd end) as largest_contribution_vnd,
        max(case when contribution_rank = 2 then landed_value_vnd end) as second_contribution_vnd
    from ranked
    group by month, hs_chapter

),

days_seen as (

    select
        month,
        count(distinct day) as days_with_flows
    from cells
    group by month

),

totals as (

    select month, landed_value_vnd
    from landed
    where hs_chapter = 'all'

)

select
    landed.month,
    landed.hs_chapter,
    landed.consignments,
    landed.consignments_without_value,
    landed.customs_value_vnd,
    landed.landed_value_vnd,
    {{ share_in_millionths('landed.landed_value_vnd', 'totals.landed_value_vnd') }}
        as share_of_cross_border_millionths,
    cast(retail.retail_sales_vnd as decimal(38, 2)) as retail_sales_vnd,
    retail.retail_vintage_date,
    {{ share_in_millionths('landed.landed_value_vnd', 'retail.retail_sales_vnd') }}
        as share_of_retail_millionths,
    days_seen.days_with_flows,
    landed.contributor_count,
    landed.largest_contribution_vnd,
    landed.second_contribution_vnd
from landed
inner join totals
    on landed.month = totals.month
inner join days_seen
    on landed.month = days_seen.month
left join {{ ref('int_retail__monthly_sales') }} as retail
    on landed.month = retail.month
    and landed.hs_chapter = retail.hs_chapter
