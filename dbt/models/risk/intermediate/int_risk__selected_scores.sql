{{ config(materialized='day_window') }}
-- What the models in force said of everything that was selected, drawn at random or not: kept by day, so
-- that a later result finds the prediction that it is held against without the scores of months.
select
    scores.day,
    scores.consignment_id,
    scores.risk_type,
    scores.model_version,
    scores.score_points,
    scores.probability_micro
from {{ ref('fct_risk_scores') }} as scores
inner join {{ ref('fct_selections') }} as selections
    on scores.day = selections.day
    and scores.consignment_id = selections.consignment_id
inner join {{ ref('int_risk__parameters') }} as parameters
    on scores.day = parameters.day
where scores.probability_micro is not null
