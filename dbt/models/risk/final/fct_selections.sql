{{ config(materialized='day_window') }}
-- Every selection says how it came about and how likely it was: without the probability no rate of
-- what is out there can be estimated. Order of filling (README): what is mandatory, what an officer
-- selects, the reserved random slots, then the score into what is left, red before yellow before
-- post_clearance.
with by_risk_type as (

    select
        consignment_id,
        day,
        customs_office_code,
        lane,
        selection_method,
        risk_type,
        queue_rank,
        score_points
    from {{ ref('int_risk__selected_first') }}
    union all
    select
        consignment_id,
        day,
        customs_office_code,
        lane,
        'score' as selection_method,
        risk_type,
        queue_rank,
        score_points
    from {{ ref('int_risk__selected_by_score') }}

),

-- what the points of a risk type were added up with
versions as (

    select
        day,
        risk_type,
        max(model_version) as model_version,
        max(weight_version) as weight_version
    from (
        select
            day,
            risk_type,
            cast(null as string) as model_version,
            weight_version
        from {{ ref('int_risk__weights_in_force') }}
        union all
        select
            day,
            risk_type,
            model_version,
            model_version as weight_version
        from {{ ref('int_risk__models_in_force') }}
    ) as stated
    group by
        day,
        risk_type

),

lanes as (

    select
        day,
        customs_office_code,
        lane,
        cast(sum(capacity_per_day) as bigint) as capacity_per_day
    from {{ ref('int_risk__lane_cells') }}
    group by
        day,
        customs_office_code,
        lane

)

select
    chosen.consignment_id,
    chosen.day,
    chosen.customs_office_code,
    chosen.lane,
    chosen.selection_method,
    cast(1 as decimal(12, 9)) as selection_probability,
    chosen.risk_type,
    cast(chosen.queue_rank as bigint) as rank_in_office_day,
    chosen.score_points,
    coalesce(cells.capacity_per_day, 0) as lane_capacity_per_day,
    versions.model_version,
    versions.weight_version,
    units.unit_id as selection_unit_id,
    cast(units.unit_consignments as bigint) as unit_consignments
from by_risk_type as chosen
left join {{ ref('int_risk__lane_cells') }} as cells
    on chosen.day = cells.day
    and chosen.customs_office_code = cells.customs_office_code
    and chosen.risk_type = cells.risk_type
    and chosen.lane = cells.lane
left join versions
    on chosen.day = versions.day
    and chosen.risk_type = versions.risk_type
left join {{ ref('int_risk__selection_units') }} as units
    on chosen.day = units.day
    and chosen.consignment_id = units.consignment_id
    and chosen.risk_type = units.risk_type
union all
select
    drawn.consignment_id,
    drawn.day,
    drawn.customs_office_code,
    drawn.lane,
    'random' as selection_method,
    cast(
        cast(drawn.drawn_count as double) / cast(drawn.eligible_count as double) as decimal(12, 9)
    ) as selection_probability,
    cast(null as string) as risk_type,
    cast(drawn.draw_rank as bigint) as rank_in_office_day,
    cast(null as bigint) as score_points,
    lanes.capacity_per_day as lane_capacity_per_day,
    cast(null as string) as model_version,
    cast(null as string) as weight_version,
    cast(null as string) as selection_unit_id,
    cast(null as bigint) as unit_consignments
from {{ ref('int_risk__drawn_at_random') }} as drawn
inner join lanes
    on drawn.day = lanes.day
    and drawn.customs_office_code = lanes.customs_office_code
    and drawn.lane = lanes.lane
