select
    model_version,
    risk_type,
    feature,
    bin_no,
    low_milli,
    high_milli,
    points,
    n_train,
    findings_train,
    reason_id
from {{ ref('int_risk__model_bins') }}
