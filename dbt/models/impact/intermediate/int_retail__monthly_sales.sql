{{ config(materialized='ephemeral') }}

-- Retail sales of each month and chapter, as last published, in VND.
select
    period_start as month,
    dimension_code as hs_chapter,
    value as retail_sales_vnd,
    vintage_date as retail_vintage_date
from {{ ref('stg_market__reference_values') }}
where series_id = 'retail_sales' and period_kind = 'month' and unit_code = 'VND'
