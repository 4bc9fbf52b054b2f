select
    source_name,
    source_sha256,
    column_name,
    reason_code,
    row_count
from {{ ref('int_deliveries__quarantined') }}
