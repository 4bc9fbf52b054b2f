-- Slots of every office, risk type and lane: the most specific capacity counts. A day without a past
-- knows no drift: the draw gets the lower bound of its share.
create temp table cells as
with in_force as (
    select
        customs_office_code as office, lane, cast(lane_order as integer) as lane_order,
        risk_type as type, cast(risk_type_priority as integer) as priority,
        cast(capacity_per_day as bigint) as slots,
        cast(ceil(slots * greatest(
            cast(random_share_basis_points as bigint), rule_number('EXPLORATION_SHARE_MIN')
        ) / 10000) as bigint) as random_slots
    from seed('rules/lane_capacities.csv')
    where in_force(valid_from, valid_to) and capacity_per_day is not null
)

select customs_office_code, risk_type, risk_type_priority, lane, lane_order, slots,
    slots - random_slots as score_slots, random_slots
from (select distinct customs_office_code from subjects)
cross join (
    select type as risk_type, min(priority) as risk_type_priority
    from in_force where type <> '*' group by type
)
inner join in_force on office in (customs_office_code, '*') and type in (risk_type, '*')
qualify row_number() over (
    partition by customs_office_code, risk_type, lane order by office = '*', type = '*') = 1;

-- What is mandatory, whatever its points; it takes slots of the score.
create temp table mandatory as
with rules as (
    select indicator_id as indicator, risk_type as type, grounds_instrument_id as grounds, lane
    from seed('rules/mandatory_selection_rules.csv') where in_force(valid_from, valid_to)
),

placed as (
    select indicators.*, rules.lane, slots
    from indicators
    inner join rules
        on indicator in (indicator_id, '*') and type in (risk_type, '*')
        and grounds in (legal_instrument_id, '*')
    left join cells
        on indicators.customs_office_code = cells.customs_office_code
        and indicators.risk_type = cells.risk_type and rules.lane = cells.lane
    qualify row_number() over (
        partition by consignment_id
        order by lane_order nulls last, risk_type_priority nulls last,
            indicators.risk_type, rules.lane) = 1
)

select
    consignment_id, placed.day, placed.customs_office_code, lane, risk_type,
    row_number() over (
        partition by placed.customs_office_code, risk_type
        order by scores.score_points desc, md5(consignment_id)) as rank_in_office_day,
    scores.score_points, coalesce(slots, 0) as lane_capacity_per_day, scores.weight_version
from placed inner join scores using (consignment_id, risk_type);

create temp table open_cells as
with filled as (
    select cells.* replace (greatest(score_slots - coalesce(taken, 0), 0) as score_slots)
    from cells
    left join (
        select customs_office_code, risk_type, lane, count(*) as taken from mandatory group by all
    ) using (customs_office_code, risk_type, lane)
)

select
    *,
    sum(score_slots) over (
        partition by customs_office_code, risk_type order by lane_order
    ) - score_slots as slots_before,
    sum(score_slots) over (partition by customs_office_code) as office_slots
from filled;

-- One queue per office and risk type; a consignment stays where its rank reaches the strictest lane.
-- Whoever has at least the points of the last slot can be in a queue; only they are put in order.
create temp table by_score as
with offices as (
    select distinct customs_office_code, risk_type, risk_type_priority, office_slots
    from open_cells
),

eligible as (
    select scores.*, offices.* exclude (customs_office_code, risk_type),
        coalesce(unit_id, consignment_id) as unit, coalesce(unit_points, score_points) as unit_points
    from scores
    inner join offices using (customs_office_code, risk_type)
    anti join mandatory using (consignment_id)
    left join units using (consignment_id, risk_type)
    where score_points >= rule_number('SELECTION_MIN_SCORE')
        and coalesce(unit_place, 1) <= rule_number('SPLITTING_UNIT_MOST_SELECTED')
),

points as (
    select customs_office_code, risk_type, unit_points,
        sum(count(*)) over (
            partition by customs_office_code, risk_type order by unit_points desc)
        - count(*) as rows_above
    from eligible
    group by customs_office_code, risk_type, unit_points
),

queued as (
    select
        eligible.*,
        row_number() over (
            partition by customs_office_code, risk_type
            order by unit_points desc, md5(unit), score_points desc, md5(consignment_id)) as first_rank
    from eligible
    inner join points using (customs_office_code, risk_type, unit_points)
    where rows_above < office_slots
),

chosen as (
    select queued.*, cells.lane_order
    from queued
    left join open_cells as cells
        on queued.customs_office_code = cells.customs_office_code
        and queued.risk_type = cells.risk_type
        and first_rank > slots_before and first_rank <= slots_before + score_slots
    where first_rank <= queued.office_slots
    qualify row_number() over (
        partition by consignment_id
        order by cells.lane_order nulls last, queued.risk_type_priority, queued.risk_type) = 1
),

ranked as (
    select *, row_number() over (
        partition by customs_office_code, risk_type
        order by unit_points desc, md5(unit), score_points desc, md5(consignment_id)) as rank_in_office_day
    from chosen
)

select
    consignment_id, day, customs_office_code, lane, risk_type, rank_in_office_day, score_points,
    slots as lane_capacity_per_day, weight_version
from ranked
inner join open_cells using (customs_office_code, risk_type)
where rank_in_office_day > slots_before and rank_in_office_day <= slots_before + score_slots;

-- The random share: the lowest keys of each office among what was not selected.
create temp table lanes as
select
    customs_office_code, lane, sum(slots) as capacity, sum(random_slots) as slots,
    sum(sum(random_slots)) over (partition by customs_office_code order by lane_order)
        - sum(random_slots) as slots_before
from cells
group by customs_office_code, lane, lane_order;
set variable most_slots = (
    select max(slots) from (
        select sum(slots)::bigint as slots from lanes group by customs_office_code));

copy (
with drawn as (
    select
        customs_office_code, any_value(day) as day, count(*) as eligible,
        min_by(consignment_id, md5(consignment_id || '|' || rule('RANDOM_SELECTION_SALT')),
            getvariable('most_slots')) as ids
    from subjects
    anti join by_score using (consignment_id)
    anti join mandatory using (consignment_id)
    group by customs_office_code
),

ranked as (
    select
        customs_office_code, day, eligible, unnest(ids) as consignment_id,
        generate_subscripts(ids, 1) as draw_rank
    from drawn
)

select
    decided.*, null::varchar as model_version, cast(1 as decimal(12, 9)) as selection_probability,
    unit_id as selection_unit_id, unit_consignments
from (
    select *, 'score' as selection_method from by_score
    union all by name
    select *, 'mandatory' as selection_method from mandatory
) as decided
left join units using (consignment_id, risk_type)
union all by name
select
    consignment_id, day, customs_office_code, lane, 'random' as selection_method,
    cast(count(*) over (partition by customs_office_code, lane) / eligible as decimal(12, 9))
        as selection_probability,
    draw_rank as rank_in_office_day, cast(capacity as bigint) as lane_capacity_per_day
from ranked
inner join lanes using (customs_office_code)
where draw_rank > slots_before and draw_rank <= slots_before + slots
)
to (getvariable('marts') || '/risk.fct_selections.parquet') (format parquet, compression zstd);
