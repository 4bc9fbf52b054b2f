-- The model in force of each risk type on each day of the run; a type without one keeps the expert's
-- points.
select
    parameters.day,
    versions.risk_type,
    versions.model_version,
    versions.kind,
    versions.intercept_points,
    versions.expert_scale_micro,
    versions.finding_value_vnd
from {{ ref('int_risk__parameters') }} as parameters
inner join {{ ref('int_risk__model_versions') }} as versions
    on parameters.day >= versions.valid_from
    and (versions.valid_to is null or parameters.day <= versions.valid_to)
