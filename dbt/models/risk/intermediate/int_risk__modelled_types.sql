-- Risk types whose model in force reads profiles, by day of the run: for others none are worked out.
select distinct
    parameters.day,
    versions.risk_type
from {{ ref('int_risk__parameters') }} as parameters
inner join {{ ref('int_risk__model_versions') }} as versions
    on parameters.day >= versions.valid_from
    and (versions.valid_to is null or parameters.day <= versions.valid_to)
where versions.kind = 'scorecard'
