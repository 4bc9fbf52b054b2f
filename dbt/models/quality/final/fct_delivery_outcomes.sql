select
    delivery_sequence,
    source_name,
    file_name,
    sender,
    source_sha256,
    status,
    reason,
    rows_in,
    rows_accepted,
    rows_quarantined,
    rows_duplicate,
    received_date,
    day_min,
    day_max
from {{ ref('int_deliveries__accounted') }}
