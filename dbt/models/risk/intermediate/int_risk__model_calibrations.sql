-- Probabilities of the models that count.
select
    model_version,
    risk_type,
    band_no,
    low_points,
    high_points,
    probability_micro,
    n,
    findings
from {{ ref('stg_scoring__model_calibrations') }}
