select
    duty_id,
    name_vi,
    name_en,
    directives,
    coverage_status,
    models
from {{ ref('duties') }}
