with source as (

    select * from {{ source('raw', 'risk_model_calibration') }}

)

select
    model_version,
    risk_type,
    band_no,
    low_points,
    high_points,
    probability_micro,
    n,
    findings
from source
