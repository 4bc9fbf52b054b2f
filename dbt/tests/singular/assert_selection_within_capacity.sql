{{ config(group='risk') }}

-- No office inspects more than it can: score selections per risk type and lane, and all selections
-- per lane, stay within the seed's capacity on every day of the window.
with selected as (

    select
        selections.day,
        selections.customs_office_code,
        selections.lane,
        selections.risk_type,
        count(*) as selected_count
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('int_risk__parameters') }} as parameters
        on selections.day = parameters.day
    group by
        selections.day,
        selections.customs_office_code,
        selections.lane,
        selections.risk_type

),

by_risk_type as (

    select
        selected.day,
        selected.customs_office_code,
        selected.lane,
        selected.risk_type,
        selected.selected_count,
        coalesce(cells.score_slots, 0) as slots
    from selected
    left join {{ ref('int_risk__lane_cells') }} as cells
        on selected.day = cells.day
        and selected.customs_office_code = cells.customs_office_code
        and selected.lane = cells.lane
        and selected.risk_type = cells.risk_type
    where selected.risk_type is not null

),

lane_slots as (

    select
        day,
        customs_office_code,
        lane,
        sum(random_slots) as random_slots,
        sum(score_slots + random_slots) as all_slots
    from {{ ref('int_risk__lane_cells') }}
    group by
        day,
        customs_office_code,
        lane

),

by_lane as (

    select
        day,
        customs_office_code,
        lane,
        sum(selected_count) as selected_count,
        sum(case when risk_type is null then selected_count else 0 end) as drawn_count
    from selected
    group by
        day,
        customs_office_code,
        lane

)

select
    day,
    customs_office_code,
    lane,
    risk_type,
    selected_count,
    slots
from by_risk_type
where selected_count > slots
union all
select
    by_lane.day,
    by_lane.customs_office_code,
    by_lane.lane,
    'every risk type and random' as risk_type,
    by_lane.selected_count,
    coalesce(lane_slots.all_slots, 0) as slots
from by_lane
left join lane_slots
    on by_lane.day = lane_slots.day
    and by_lane.customs_office_code = lane_slots.customs_office_code
    and by_lane.lane = lane_slots.lane
where
    by_lane.selected_count > coalesce(lane_slots.all_slots, 0)
    or by_lane.drawn_count > coalesce(lane_slots.random_slots, 0)
