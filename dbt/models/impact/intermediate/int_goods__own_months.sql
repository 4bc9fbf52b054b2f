{{ config(materialized='day_window') }}

-- Months that the window touches, by the finest HS code that flows know of goods: the heading, else
-- the chapter, else unknown. The joint cells of the month add up to it exactly.
select
    month,
    case when hs_heading = 'unknown' then hs_chapter else hs_heading end as hs_code,
    cast(sum(consignments) as bigint) as consignments,
    cast(sum(consignments_without_value) as bigint) as consignments_without_value,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd
from {{ ref('fct_import_flows_monthly') }}
where {{ in_window('month') }}
group by month, case when hs_heading = 'unknown' then hs_chapter else hs_heading end
