{{ config(materialized='whole_table') }}
-- The reserved share, drawn from everything that nothing else decided on: the only stratum from which
-- prevalence may be estimated. Order: md5 of id and salt, so a re-run draws the same.
with slots as (

    select
        day,
        customs_office_code,
        lane,
        lane_order,
        cast(sum(random_slots) as bigint) as random_slots
    from {{ ref('int_risk__lane_cells') }}
    group by
        day,
        customs_office_code,
        lane,
        lane_order

),

lanes as (

    select
        day,
        customs_office_code,
        lane,
        random_slots,
        cast(sum(random_slots) over (
            partition by day, customs_office_code
            order by lane_order nulls last
            rows between unbounded preceding and current row
        ) - random_slots as bigint) as slots_before,
        cast(sum(random_slots) over (
            partition by day, customs_office_code
        ) as bigint) as office_slots
    from slots

),

keyed as (

    select
        subjects.consignment_id,
        subjects.day,
        subjects.customs_office_code,
        md5(subjects.consignment_id || '|' || parameters.random_selection_salt) as draw_key
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join {{ ref('int_risk__parameters') }} as parameters
        on subjects.day = parameters.day

),

-- Only the lowest keys can be drawn: prefixes are counted, then few rows are sorted.
prefixes as (

    select
        day,
        customs_office_code,
        substr(draw_key, 1, 3) as key_prefix,
        count(*) as prefix_count
    from keyed
    group by
        day,
        customs_office_code,
        substr(draw_key, 1, 3)

),

prefix_sums as (

    select
        day,
        customs_office_code,
        key_prefix,
        cast(sum(prefix_count) over (
            partition by day, customs_office_code
            order by key_prefix nulls last
            rows between unbounded preceding and current row
        ) - prefix_count as bigint) as count_before,
        cast(sum(prefix_count) over (
            partition by day, customs_office_code
        ) as bigint) as consignment_count
    from prefixes

),

selected as (

    select
        day,
        customs_office_code,
        count(*) as selected_count
    from {{ ref('int_risk__out_of_the_draw') }}
    group by
        day,
        customs_office_code

),

offices as (

    select distinct
        lanes.day,
        lanes.customs_office_code,
        lanes.office_slots,
        coalesce(selected.selected_count, 0) as selected_count
    from lanes
    left join selected
        on lanes.day = selected.day
        and lanes.customs_office_code = selected.customs_office_code

),

-- A prefix is opened while the ones before it might leave a slot free, were all of the selected
-- consignments among them.
opened as (

    select
        prefix_sums.day,
        prefix_sums.customs_office_code,
        prefix_sums.key_prefix,
        prefix_sums.consignment_count - offices.selected_count as eligible_count
    from prefix_sums
    inner join offices
        on prefix_sums.day = offices.day
        and prefix_sums.customs_office_code = offices.customs_office_code
        and prefix_sums.count_before < offices.office_slots + offices.selected_count

),

eligible as (

    select
        keyed.consignment_id,
        keyed.day,
        keyed.customs_office_code,
        keyed.draw_key,
        opened.eligible_count
    from keyed
    inner join opened
        on keyed.day = opened.day
        and keyed.customs_office_code = opened.customs_office_code
        and substr(keyed.draw_key, 1, 3) = opened.key_prefix
    left join {{ ref('int_risk__out_of_the_draw') }} as out_of_the_draw
        on keyed.day = out_of_the_draw.day
        and keyed.consignment_id = out_of_the_draw.consignment_id
    where out_of_the_draw.consignment_id is null

),

ranked as (

    select
        consignment_id,
        day,
        customs_office_code,
        eligible_count,
        row_number() over (
            partition by day, customs_office_code
            order by draw_key nulls last, consignment_id nulls last
        ) as draw_rank
    from eligible

),

drawn as (

    select
        ranked.consignment_id,
        ranked.day,
        ranked.customs_office_code,
        lanes.lane,
        ranked.draw_rank,
        ranked.eligible_count,
        count(*) over (
            partition by ranked.day, ranked.customs_office_code, lanes.lane
        ) as drawn_count
    from ranked
    inner join lanes
        on ranked.day = lanes.day
        and ranked.customs_office_code = lanes.customs_office_code
        and ranked.draw_rank > lanes.slots_before
        and ranked.draw_rank <= lanes.slots_before + lanes.random_slots

)

select
    consignment_id,
    day,
    customs_office_code,
    lane,
    draw_rank,
    drawn_count,
    eligible_count
from drawn
