-- Points of the grades of indicators whose model in force tells strengths apart: the bins above 0 of a
-- feature that has several. Others have the points of int_risk__weights_in_force, however strong.
with graded as (

    select
        model_version,
        feature
    from {{ ref('int_risk__model_bins') }}
    where bin_no > 0 and (high_milli is null or high_milli > 0)
    group by
        model_version,
        feature
    having count(*) > 1

)

select
    weights.day,
    weights.indicator_id,
    weights.risk_type,
    bins.low_milli,
    bins.high_milli,
    cast(bins.points as integer) as points
from {{ ref('int_risk__weights_in_force') }} as weights
inner join {{ ref('int_risk__models_in_force') }} as models
    on weights.day = models.day
    and weights.risk_type = models.risk_type
inner join graded
    on models.model_version = graded.model_version
    and 'indicator_' || weights.indicator_id = graded.feature
inner join {{ ref('int_risk__model_bins') }} as bins
    on graded.model_version = bins.model_version
    and graded.feature = bins.feature
where bins.bin_no > 0 and (bins.high_milli is null or bins.high_milli > 0)
