-- Points of every indicator and their legal basis on each day of the window: the model's where one
-- is in force for the risk type, else the expert's. The days come from the rules, so that a weight
-- and a threshold can never be read on different days.
with days as (

    select day
    from {{ ref('int_risk__parameters') }}

),

expert as (

    select
        days.day,
        weights.indicator_id,
        weights.risk_type,
        weights.points,
        weights.weight_version,
        indicators.legal_instrument_id,
        instruments.number || ', ' || indicators.clause as legal_basis
    from days
    inner join {{ ref('risk_indicator_weights') }} as weights
        on days.day >= weights.valid_from
        and (weights.valid_to is null or days.day <= weights.valid_to)
    inner join {{ ref('risk_indicators') }} as indicators
        on weights.indicator_id = indicators.indicator_id
        and days.day >= indicators.valid_from
        and (indicators.valid_to is null or days.day <= indicators.valid_to)
    inner join {{ ref('legal_instruments') }} as instruments
        on indicators.legal_instrument_id = instruments.legal_instrument_id

),

-- what a model adds where the indicator fires
fitted as (

    select
        model_version,
        feature,
        points
    from {{ ref('int_risk__model_bins') }}
    where
        bin_no > 0
        and (low_milli is null or low_milli < {{ thousandths(1) }})
        and (high_milli is null or high_milli >= {{ thousandths(1) }})

)

select
    expert.day,
    expert.indicator_id,
    expert.risk_type,
    cast(case
        when models.model_version is null then expert.points
        -- a rule that is newer than the model keeps the expert's opinion on the model's scale; a
        -- scorecard has no such scale, there it waits for the next version
        else coalesce(
            fitted.points,
            floor({{ from_thousandths('cast(expert.points as double) * models.expert_scale_micro') }} + 0.5),
            0
        )
    end as integer) as points,
    coalesce(models.model_version, expert.weight_version) as weight_version,
    expert.legal_instrument_id,
    expert.legal_basis
from expert
left join {{ ref('int_risk__models_in_force') }} as models
    on expert.day = models.day
    and expert.risk_type = models.risk_type
left join fitted
    on models.model_version = fitted.model_version
    and 'indicator_' || expert.indicator_id = fitted.feature
