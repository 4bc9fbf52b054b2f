-- The 34 provinces since 1 July 2025 and the member 'unknown' that facts use.
select province_code, name_vi, name_en
from {{ ref('provinces') }}

union all

select 'unknown' as province_code, 'Chưa xác định' as name_vi, 'Unknown' as name_en
