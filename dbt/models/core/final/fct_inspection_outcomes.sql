-- Inspections as reported; what was not inspected has no row here and is not "nothing found".
select
    inspection_id,
    finding_type,
    consignment_reference,
    line_number,
    consignment_id,
    selection_method,
    selection_probability,
    result,
    finding_severity,
    found_value,
    currency_code,
    inspected_at,
    inspected_date,
    known_at,
    known_date as known_day,
    inspector_id_token,
    sender,
    source_sha256,
    source_line
from {{ ref('int_inspections__identified') }}
