select
    model_version,
    risk_type,
    band_no,
    low_points,
    high_points,
    probability_micro,
    n,
    findings
from {{ ref('int_risk__model_calibrations') }}
