-- The offices known, and the member 'unknown' that facts use.
select
    customs_office_code,
    name_vi,
    name_en,
    department_code,
    is_express_or_postal,
    name_source
from {{ ref('int_offices__merged') }}

union all

select
    'unknown' as customs_office_code,
    'Chưa xác định' as name_vi,
    'Unknown' as name_en,
    cast(null as string) as department_code,
    cast(null as boolean) as is_express_or_postal,
    'seed' as name_source
