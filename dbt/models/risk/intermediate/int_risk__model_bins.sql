-- Points of the models that count: scoring, the published table and what explains a score read these.
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
from {{ ref('stg_scoring__model_bins') }}
