{{ config(group='risk') }}

-- No office inspects more than it can: in a risk type's part of a lane the score fills what mandatory
-- rules and officers leave, who alone may exceed it; the draw stays within the reserved slots.
with selected as (

    select
        selections.day,
        selections.customs_office_code,
        selections.lane,
        selections.risk_type,
        count(*) as selected_count,
        sum(case when selections.selection_method = 'score' then 1 else 0 end) as by_score_count
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('int_risk__parameters') }} as parameters
        on selections.day = parameters.day
    group by
        selections.day,
        selections.customs_office_code,
        selections.lane,
        selections.risk_type

),

lane_slots as (

    select
        day,
        customs_office_code,
        lane,
        sum(random_slots) as random_slots
    from {{ ref('int_risk__lane_cells') }}
    group by
        day,
        customs_office_code,
        lane

)

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
where
    selected.risk_type is not null
    and selected.by_score_count > 0
    and selected.selected_count > coalesce(cells.score_slots, 0)
union all
select
    selected.day,
    selected.customs_office_code,
    selected.lane,
    'random' as risk_type,
    selected.selected_count,
    coalesce(lane_slots.random_slots, 0) as slots
from selected
left join lane_slots
    on selected.day = lane_slots.day
    and selected.customs_office_code = lane_slots.customs_office_code
    and selected.lane = lane_slots.lane
where
    selected.risk_type is null
    and selected.selected_count > coalesce(lane_slots.random_slots, 0)
