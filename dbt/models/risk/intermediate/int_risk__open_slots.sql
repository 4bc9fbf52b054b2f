-- What is left for the score once mandatory and manual selections sit in their cells. Random slots are not
-- touched: what is measured must not depend on how busy a desk is.
with taken as (

    select
        day,
        customs_office_code,
        risk_type,
        lane,
        count(*) as taken_count
    from {{ ref('int_risk__selected_first') }}
    group by
        day,
        customs_office_code,
        risk_type,
        lane

),

open_cells as (

    select
        cells.day,
        cells.customs_office_code,
        cells.risk_type,
        cells.risk_type_priority,
        cells.lane,
        cells.lane_order,
        greatest(cells.score_slots - coalesce(taken.taken_count, 0), 0) as score_slots
    from {{ ref('int_risk__lane_cells') }} as cells
    left join taken
        on cells.day = taken.day
        and cells.customs_office_code = taken.customs_office_code
        and cells.risk_type = taken.risk_type
        and cells.lane = taken.lane

)

select
    day,
    customs_office_code,
    risk_type,
    risk_type_priority,
    lane,
    lane_order,
    score_slots,
    cast(sum(score_slots) over (
        partition by day, customs_office_code, risk_type
        order by lane_order nulls last
        rows between unbounded preceding and current row
    ) - score_slots as bigint) as slots_before,
    cast(sum(score_slots) over (
        partition by day, customs_office_code
    ) as bigint) as office_score_slots
from open_cells
