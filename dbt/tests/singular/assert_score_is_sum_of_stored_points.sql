{{ config(group='risk') }}

-- Every score of the window equals the sum of the stored indicator points, and neither side has a
-- row the other lacks. Not claimed here: that the points themselves are right.
with indicator_sums as (

    select
        indicators.consignment_id,
        indicators.day,
        indicators.risk_type,
        sum(indicators.points) as point_sum,
        count(*) as row_count
    from {{ ref('fct_risk_indicators') }} as indicators
    inner join {{ ref('int_risk__parameters') }} as parameters
        on indicators.day = parameters.day
    group by
        indicators.consignment_id,
        indicators.day,
        indicators.risk_type

),

scores as (

    select
        scores.consignment_id,
        scores.day,
        scores.risk_type,
        scores.score_points,
        scores.indicator_count
    from {{ ref('fct_risk_scores') }} as scores
    inner join {{ ref('int_risk__parameters') }} as parameters
        on scores.day = parameters.day

)

select
    coalesce(scores.consignment_id, indicator_sums.consignment_id) as consignment_id,
    coalesce(scores.risk_type, indicator_sums.risk_type) as risk_type,
    scores.score_points,
    indicator_sums.point_sum
from scores
full outer join indicator_sums
    on scores.day = indicator_sums.day
    and scores.consignment_id = indicator_sums.consignment_id
    and scores.risk_type = indicator_sums.risk_type
where
    scores.consignment_id is null
    or indicator_sums.consignment_id is null
    or scores.score_points <> indicator_sums.point_sum
    or scores.indicator_count <> indicator_sums.row_count
