{#- SQL of the rank in the list of an office and day, a row per selected consignment. The lane first; in
    it what had to be selected, the best of each risk type in turn, the likeliest first. Who is opened
    together stands together, where the first of them stands. A consignment that was selected otherwise
    may bear the id that names a unit, and does not belong to it. -#}
{% macro queue_ranks(selected, scores, lanes, priorities) -%}
select
    consignment_id,
    day,
    cast(row_number() over (
        partition by day, customs_office_code
        order by
            unit_place asc nulls last,
            place asc nulls last
    ) as bigint) as queue_rank
from (
    select
        consignment_id,
        day,
        customs_office_code,
        place,
        case when selection_unit_id is null then place else min(place) over (
            partition by day, customs_office_code, selection_unit_id
        ) end as unit_place
    from (
        select
            chosen.consignment_id,
            chosen.day,
            chosen.customs_office_code,
            chosen.selection_unit_id,
            row_number() over (
                partition by chosen.day, chosen.customs_office_code
                order by
                    lanes.lane_order asc nulls last,
                    chosen.method_order asc nulls last,
                    chosen.rank_in_office_day asc nulls last,
                    scores.probability_micro desc nulls last,
                    priorities.risk_type_priority asc nulls last,
                    chosen.consignment_id asc nulls last
            ) as place
        from {{ selected }} as chosen
        left join {{ lanes }} as lanes
            on chosen.lane = lanes.lane
        left join {{ priorities }} as priorities
            on chosen.risk_type = priorities.risk_type
        left join {{ scores }} as scores
            on chosen.day = scores.day
            and chosen.consignment_id = scores.consignment_id
    ) as placed
) as units
{%- endmacro %}
