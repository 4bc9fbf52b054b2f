{{ config(materialized='whole_table') }}
-- What is selected whatever its score: the criteria that the law or the unit made mandatory (seed
-- mandatory_selection_rules). Nothing here is dropped for want of capacity: it takes the slots of
-- the score, and where it needs more than those, the lane holds more than its capacity that day.
with rules as (

    select
        parameters.day,
        rules.indicator_id,
        rules.risk_type,
        rules.grounds_instrument_id,
        rules.lane
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('mandatory_selection_rules') }} as rules
        on parameters.day >= rules.valid_from
        and (rules.valid_to is null or parameters.day <= rules.valid_to)

),

named as (

    select distinct
        indicators.consignment_id,
        indicators.day,
        indicators.risk_type,
        rules.lane
    from {{ ref('fct_risk_indicators') }} as indicators
    inner join rules
        on indicators.day = rules.day
        and rules.indicator_id in (indicators.indicator_id, '*')
        and rules.risk_type in (indicators.risk_type, '*')
        and rules.grounds_instrument_id in (indicators.legal_instrument_id, '*')

),

-- A consignment is selected once: in the strictest lane, then by priority of the risk type.
placed as (

    select
        named.consignment_id,
        named.day,
        subjects.customs_office_code,
        named.risk_type,
        named.lane,
        'mandatory' as selection_method,
        row_number() over (
            partition by named.day, named.consignment_id
            order by
                cells.lane_order asc nulls last,
                cells.risk_type_priority asc nulls last,
                named.risk_type asc nulls last,
                named.lane asc nulls last
        ) as place_choice
    from named
    inner join {{ ref('int_risk__home_subjects') }} as subjects
        on named.day = subjects.day
        and named.consignment_id = subjects.consignment_id
    left join {{ ref('int_risk__lane_cells') }} as cells
        on named.day = cells.day
        and subjects.customs_office_code = cells.customs_office_code
        and named.risk_type = cells.risk_type
        and named.lane = cells.lane

)

select
    placed.consignment_id,
    placed.day,
    placed.customs_office_code,
    placed.lane,
    placed.selection_method,
    placed.risk_type,
    scores.score_points,
    row_number() over (
        partition by
            placed.day, placed.customs_office_code, placed.risk_type, placed.selection_method
        order by
            scores.score_points desc nulls last,
            md5(placed.consignment_id) asc nulls last,
            placed.consignment_id asc nulls last
    ) as queue_rank
from placed
left join {{ ref('fct_risk_scores') }} as scores
    on placed.day = scores.day
    and placed.consignment_id = scores.consignment_id
    and placed.risk_type = scores.risk_type
where placed.place_choice = 1
