select
    legal_instrument_id,
    title_vi,
    title_en,
    number,
    issuer,
    issued_on,
    effective_from,
    effective_to,
    evidence_grade
from {{ ref('legal_instruments') }}
