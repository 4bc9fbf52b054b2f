-- Divisions of the national classification of industries, and the member 'unknown' that facts use.
select vsic_division, name_vi, name_en
from {{ ref('industries') }}

union all

select 'unknown' as vsic_division, 'Chưa phân được' as name_vi, 'Not allocated' as name_en
