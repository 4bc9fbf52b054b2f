{{ config(materialized='day_window') }}
-- Always a sum that can be added up again: the intercept of the model, the points of the features and
-- those of the indicators that fired. Without a model the expert's points alone.
with parts as (

    select
        indicators.consignment_id,
        indicators.day,
        indicators.risk_type,
        cast(indicators.points as bigint) as indicator_points,
        cast(0 as bigint) as feature_points,
        1 as indicator_count,
        indicators.weight_version
    from {{ ref('fct_risk_indicators') }} as indicators
    inner join {{ ref('int_risk__parameters') }} as parameters
        on indicators.day = parameters.day
    union all
    select
        consignment_id,
        day,
        risk_type,
        cast(0 as bigint) as indicator_points,
        feature_points,
        0 as indicator_count,
        model_version as weight_version
    from {{ ref('int_risk__feature_points') }}

),

summed as (

    select
        consignment_id,
        day,
        risk_type,
        cast(sum(indicator_points) as bigint) as indicator_points,
        cast(sum(feature_points) as bigint) as feature_points,
        cast(sum(indicator_count) as bigint) as indicator_count,
        max(weight_version) as weight_version
    from parts
    group by
        consignment_id,
        day,
        risk_type

),

scored as (

    select
        summed.consignment_id,
        summed.day,
        summed.risk_type,
        coalesce(models.intercept_points, 0) + summed.indicator_points + summed.feature_points
            as score_points,
        coalesce(models.intercept_points, 0) as intercept_points,
        summed.feature_points,
        summed.indicator_points,
        summed.indicator_count,
        summed.weight_version,
        models.model_version,
        models.finding_value_vnd
    from summed
    left join {{ ref('int_risk__models_in_force') }} as models
        on summed.day = models.day
        and summed.risk_type = models.risk_type

),

likely as (

    select
        scored.*,
        {{ calibrated_probability('model_version', 'score_points') }} as probability_micro
    from scored

)

select
    consignment_id,
    day,
    risk_type,
    score_points,
    intercept_points,
    feature_points,
    indicator_points,
    indicator_count,
    weight_version,
    model_version,
    probability_micro,
    {{ expected_value('probability_micro', 'finding_value_vnd') }} as expected_finding_value_vnd
from likely
