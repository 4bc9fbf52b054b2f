{{ config(materialized='day_window') }}
-- Every selection says how it came about and how likely it was: without the probability no rate of
-- what is out there can be estimated.
with by_score as (

    select
        consignment_id,
        day,
        customs_office_code,
        lane,
        'score' as selection_method,
        cast(1 as decimal(12, 9)) as selection_probability,
        risk_type,
        cast(queue_rank as bigint) as rank_in_office_day,
        score_points
    from {{ ref('int_risk__selected_by_score') }}

),

at_random as (

    select
        consignment_id,
        day,
        customs_office_code,
        lane,
        'random' as selection_method,
        cast(cast(drawn_count as double) / cast(eligible_count as double) as decimal(12, 9))
            as selection_probability,
        cast(null as string) as risk_type,
        cast(draw_rank as bigint) as rank_in_office_day,
        cast(null as bigint) as score_points
    from {{ ref('int_risk__drawn_at_random') }}

)

select
    consignment_id,
    day,
    customs_office_code,
    lane,
    selection_method,
    selection_probability,
    risk_type,
    rank_in_office_day,
    score_points
from by_score
union all
select
    consignment_id,
    day,
    customs_office_code,
    lane,
    selection_method,
    selection_probability,
    risk_type,
    rank_in_office_day,
    score_points
from at_random
