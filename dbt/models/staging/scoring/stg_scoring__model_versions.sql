with source as (

    select * from {{ source('raw', 'risk_model_version') }}

)

select
    model_version,
    risk_type,
    kind,
    valid_from,
    valid_to,
    trained_on_from,
    trained_on_to,
    label_count,
    finding_count,
    seed,
    intercept_points,
    points_per_logit,
    base_rate_micro,
    expert_scale_micro,
    finding_value_vnd,
    settings_json,
    evaluation_json,
    reason,
    signed_by
from source
