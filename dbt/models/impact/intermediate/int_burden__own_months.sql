{{ config(materialized='day_window') }}

-- Months that the window touches, by province of destination: what is taxed, and what law relieves.
with days_seen as (

    select
        month,
        days_covered,
        days_in_month
    from {{ ref('int_flows__own_months') }}
    where
        dimension = 'total'
        and {{ in_window('month') }}

),

provinces as (

    select
        month,
        province_code,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_without_value) as bigint) as consignments_without_value,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
        cast(sum(duty_due_vnd) as decimal(38, 2)) as duty_due_vnd,
        cast(sum(vat_due_vnd) as decimal(38, 2)) as vat_due_vnd,
        cast(sum(duty_relieved_vnd) as decimal(38, 2)) as duty_relieved_vnd,
        cast(sum(vat_relieved_vnd) as decimal(38, 2)) as vat_relieved_vnd
    from {{ ref('fct_import_flows_monthly') }}
    where {{ in_window('month') }}
    group by month, province_code

)

select
    provinces.month,
    provinces.province_code,
    days_seen.days_covered,
    days_seen.days_in_month,
    provinces.consignments,
    provinces.consignments_without_value,
    provinces.customs_value_vnd,
    provinces.duty_due_vnd,
    provinces.vat_due_vnd,
    provinces.duty_relieved_vnd,
    provinces.vat_relieved_vnd
from provinces
inner join days_seen on provinces.month = days_seen.month
