{{ config(materialized='whole_table') }}
-- Risk types do not compete in one sum: each has its queue per office and day. A consignment stays
-- in one queue (where its rank reaches the strictest lane, then by priority of the risk type), and
-- the queues close up, so no slot is lost to a consignment that was taken elsewhere. Receipts that
-- split one purchase stand together, where the riskiest of them stands; of a large one the first few
-- are opened, or one consignee could fill every slot.
with offices as (

    select distinct
        day,
        customs_office_code,
        risk_type,
        risk_type_priority,
        office_score_slots
    from {{ ref('int_risk__open_slots') }}

),

scores as (

    select
        scores.consignment_id,
        scores.day,
        scores.risk_type,
        scores.score_points,
        coalesce(units.unit_id, scores.consignment_id) as unit_id,
        coalesce(units.unit_points, scores.score_points) as unit_points
    from {{ ref('fct_risk_scores') }} as scores
    inner join {{ ref('int_risk__parameters') }} as parameters
        on scores.day = parameters.day
        and {{ score_eligible('scores', 'parameters') }}
    left join {{ ref('int_risk__selection_units') }} as units
        on scores.day = units.day
        and scores.consignment_id = units.consignment_id
        and scores.risk_type = units.risk_type
    where coalesce(units.unit_place <= parameters.unit_most_selected, true)

),

queued as (

    select
        scores.consignment_id,
        scores.day,
        scores.risk_type,
        scores.score_points,
        scores.unit_id,
        scores.unit_points,
        subjects.customs_office_code,
        offices.risk_type_priority,
        offices.office_score_slots,
        row_number() over (
            partition by scores.day, subjects.customs_office_code, scores.risk_type
            order by {{ queue_order('scores') }}
        ) as first_rank
    from scores
    inner join {{ ref('int_risk__home_subjects') }} as subjects
        on scores.day = subjects.day
        and scores.consignment_id = subjects.consignment_id
    left join {{ ref('int_risk__decided_first') }} as decided_first
        on scores.day = decided_first.day
        and scores.consignment_id = decided_first.consignment_id
    inner join offices
        on scores.day = offices.day
        and scores.risk_type = offices.risk_type
        and subjects.customs_office_code = offices.customs_office_code
    where decided_first.consignment_id is null

),

-- Behind all slots of its office a consignment cannot move up far enough.
reachable as (

    select
        queued.consignment_id,
        queued.day,
        queued.risk_type,
        queued.score_points,
        queued.unit_id,
        queued.unit_points,
        queued.customs_office_code,
        queued.risk_type_priority,
        cells.lane_order
    from queued
    left join {{ ref('int_risk__open_slots') }} as cells
        on queued.day = cells.day
        and queued.customs_office_code = cells.customs_office_code
        and queued.risk_type = cells.risk_type
        and queued.first_rank > cells.slots_before
        and queued.first_rank <= cells.slots_before + cells.score_slots
    where queued.first_rank <= queued.office_score_slots

),

chosen as (

    select
        consignment_id,
        day,
        risk_type,
        score_points,
        unit_id,
        unit_points,
        customs_office_code,
        row_number() over (
            partition by day, consignment_id
            order by
                lane_order nulls last,
                risk_type_priority nulls last,
                risk_type nulls last
        ) as queue_choice
    from reachable

),

closed_up as (

    select
        consignment_id,
        day,
        risk_type,
        score_points,
        customs_office_code,
        row_number() over (
            partition by day, customs_office_code, risk_type
            order by {{ queue_order('chosen') }}
        ) as queue_rank
    from chosen
    where queue_choice = 1

)

select
    closed_up.consignment_id,
    closed_up.day,
    closed_up.customs_office_code,
    cells.lane,
    closed_up.risk_type,
    closed_up.queue_rank,
    closed_up.score_points
from closed_up
inner join {{ ref('int_risk__open_slots') }} as cells
    on closed_up.day = cells.day
    and closed_up.customs_office_code = cells.customs_office_code
    and closed_up.risk_type = cells.risk_type
    and closed_up.queue_rank > cells.slots_before
    and closed_up.queue_rank <= cells.slots_before + cells.score_slots
