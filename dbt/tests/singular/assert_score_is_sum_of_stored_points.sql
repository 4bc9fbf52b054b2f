{{ config(group='risk') }}

-- Every score of the window equals intercept, features and stored indicators; neither side has a row
-- the other lacks; and of what was selected the stored terms add up to its features. Not claimed
-- here: that the points themselves are right.
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

term_sums as (

    select
        terms.consignment_id,
        terms.day,
        terms.risk_type,
        sum(terms.points) as point_sum
    from {{ ref('fct_risk_terms') }} as terms
    inner join {{ ref('int_risk__parameters') }} as parameters
        on terms.day = parameters.day
    group by
        terms.consignment_id,
        terms.day,
        terms.risk_type

),

selected as (

    select distinct
        consignment_id,
        day
    from {{ ref('fct_selections') }}

),

scores as (

    select
        scores.consignment_id,
        scores.day,
        scores.risk_type,
        scores.score_points,
        scores.intercept_points,
        scores.feature_points,
        scores.indicator_points,
        scores.indicator_count,
        selected.consignment_id is not null as is_selected
    from {{ ref('fct_risk_scores') }} as scores
    inner join {{ ref('int_risk__parameters') }} as parameters
        on scores.day = parameters.day
    left join selected
        on scores.day = selected.day
        and scores.consignment_id = selected.consignment_id

)

select
    coalesce(scores.consignment_id, indicator_sums.consignment_id) as consignment_id,
    coalesce(scores.risk_type, indicator_sums.risk_type) as risk_type,
    scores.score_points,
    indicator_sums.point_sum as indicator_sum,
    term_sums.point_sum as term_sum
from scores
full outer join indicator_sums
    on scores.day = indicator_sums.day
    and scores.consignment_id = indicator_sums.consignment_id
    and scores.risk_type = indicator_sums.risk_type
left join term_sums
    on scores.day = term_sums.day
    and scores.consignment_id = term_sums.consignment_id
    and scores.risk_type = term_sums.risk_type
where
    scores.consignment_id is null
    or scores.score_points
    <> scores.intercept_points + scores.feature_points + scores.indicator_points
    or scores.indicator_points <> coalesce(indicator_sums.point_sum, 0)
    or scores.indicator_count <> coalesce(indicator_sums.row_count, 0)
    or (scores.is_selected and scores.feature_points <> coalesce(term_sums.point_sum, 0))
