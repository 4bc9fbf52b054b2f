{{ config(materialized='whole_table') }}
-- What is selected whatever its score: criteria that are mandatory (seed mandatory_selection_rules),
-- then what an officer selects. Nothing here is dropped for want of capacity: it takes the slots of
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
mandatory as (

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

),

-- Who pays the slot: the type that the officer stated, else the first by priority of those that the
-- consignment scores in, else the first of all; there the strictest lane that has any capacity.
manual as (

    select
        overrides.consignment_id,
        overrides.day,
        subjects.customs_office_code,
        cells.risk_type,
        cells.lane,
        'manual' as selection_method,
        row_number() over (
            partition by overrides.day, overrides.consignment_id
            order by
                case when overrides.risk_type = cells.risk_type then 0 else 1 end nulls last,
                case when scores.consignment_id is not null then 0 else 1 end nulls last,
                cells.risk_type_priority asc nulls last,
                cells.risk_type asc nulls last,
                case when cells.capacity_per_day > 0 then 0 else 1 end nulls last,
                cells.lane_order asc nulls last
        ) as place_choice
    from {{ ref('int_risk__overrides') }} as overrides
    inner join {{ ref('int_risk__home_subjects') }} as subjects
        on overrides.day = subjects.day
        and overrides.consignment_id = subjects.consignment_id
    inner join {{ ref('int_risk__lane_cells') }} as cells
        on overrides.day = cells.day
        and subjects.customs_office_code = cells.customs_office_code
    left join {{ ref('fct_risk_scores') }} as scores
        on overrides.day = scores.day
        and overrides.consignment_id = scores.consignment_id
        and cells.risk_type = scores.risk_type
    left join named
        on overrides.day = named.day
        and overrides.consignment_id = named.consignment_id
    where
        overrides.override = 'select'
        and overrides.decision_rank = 1
        and overrides.consignment_day = overrides.day
        and named.consignment_id is null

),

placed as (

    select
        consignment_id,
        day,
        customs_office_code,
        risk_type,
        lane,
        selection_method
    from mandatory
    where place_choice = 1
    union all
    select
        consignment_id,
        day,
        customs_office_code,
        risk_type,
        lane,
        selection_method
    from manual
    where place_choice = 1

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
