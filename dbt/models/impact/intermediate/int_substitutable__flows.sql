{{ config(materialized='day_window') }}

-- Value and consignments by heading and province, of the months that the run touches.
select
    month,
    hs_heading,
    province_code,
    cast(sum(consignments) as bigint) as consignments,
    cast(sum(customs_value_vnd + duty_due_vnd + vat_due_vnd) as decimal(38, 2)) as landed_value_vnd
from {{ ref('fct_import_flows_monthly') }}
where {{ in_window('month') }}
group by month, hs_heading, province_code
