{{ config(materialized='day_window') }}

-- Months that the window touches, from the daily flows. The contributor of disclosure control is
-- the economic operator: each cell keeps how many there are and what the two largest contribute.
with daily as (

    select
        flows.*,
        cast(date_trunc('month', flows.day) as date) as month
    from {{ ref('fct_import_flows_daily') }} as flows
    where
        {{ in_months_of_window('flows.day') }}

),

by_operator as (

    select
        month,
        platform_code,
        platform_status,
        hs_chapter,
        hs_heading,
        origin_country_code,
        province_code,
        channel,
        operator_code,
        sum(consignments) as consignments,
        sum(quantity) as quantity,
        sum(gross_weight_kg) as gross_weight_kg,
        sum(value_vnd) as value_vnd,
        sum(customs_value_vnd) as customs_value_vnd,
        sum(duty_due_vnd) as duty_due_vnd,
        sum(duty_relieved_vnd) as duty_relieved_vnd,
        sum(vat_due_vnd) as vat_due_vnd,
        sum(vat_relieved_vnd) as vat_relieved_vnd,
        sum(consignments_without_value) as consignments_without_value
    from daily
    group by
        month,
        platform_code,
        platform_status,
        hs_chapter,
        hs_heading,
        origin_country_code,
        province_code,
        channel,
        operator_code

),

ranked as (

    select
        by_operator.*,
        row_number() over (
            partition by
                month,
                platform_code,
                platform_status,
                hs_heading,
                origin_country_code,
                province_code,
                channel
            order by value_vnd desc nulls last, operator_code asc nulls last
        ) as contribution_rank
    from by_operator

)

select
    month,
    platform_code,
    platform_status,
    hs_chapter,
    hs_heading,
    origin_country_code,
    province_code,
    channel,
    cast(sum(consignments) as bigint) as consignments,
    cast(sum(quantity) as decimal(38, 4)) as quantity,
    cast(sum(gross_weight_kg) as decimal(38, 4)) as gross_weight_kg,
    cast(sum(value_vnd) as decimal(38, 2)) as value_vnd,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
    cast(sum(duty_due_vnd) as decimal(38, 2)) as duty_due_vnd,
    cast(sum(duty_relieved_vnd) as decimal(38, 2)) as duty_relieved_vnd,
    cast(sum(vat_due_vnd) as decimal(38, 2)) as vat_due_vnd,
    cast(sum(vat_relieved_vnd) as decimal(38, 2)) as vat_relieved_vnd,
    cast(sum(consignments_without_value) as bigint) as consignments_without_value,
    count(*) as contributor_count,
    max(case when contribution_rank = 1 then value_vnd end) as largest_contribution_vnd,
    max(case when contribution_rank = 2 then value_vnd end) as second_contribution_vnd
from ranked
group by
    month,
    platform_code,
    platform_status,
    hs_chapter,
    hs_heading,
    origin_country_code,
    province_code,
    channel
