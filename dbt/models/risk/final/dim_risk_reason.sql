select
    reason_id,
    text_vi,
    text_en,
    uninspected_vi,
    uninspected_en,
    legal_instrument_id,
    clause,
    direction,
    owner,
    review_date,
    evidence_grade
from {{ ref('risk_reasons') }}
