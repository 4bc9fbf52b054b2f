{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ replace_window() }}"
) }}

-- Every raw row of a day is accounted for: it is current, superseded by a later version or another
-- sender's, set aside because it contradicts its like, waiting for its original, or belongs to
-- another day; every current record is a consignment or describes one.
with counts as (

    {% for source_name, facts in source_facts().items() %}
    select
        '{{ source_name }}' as source_name,
        day,
        count(*) as raw_rows,
        0 as superseded_rows,
        0 as set_aside_rows,
        0 as waiting_rows,
        0 as moved_out_rows,
        0 as moved_in_rows,
        0 as describing_rows,
        0 as consignments
    from {{ ref(facts.versions) }}
    group by day

    union all

    select
        '{{ source_name }}' as source_name,
        day,
        0 as raw_rows,
        count(*) filter (where not is_current and not is_waiting and not is_set_aside)
            as superseded_rows,
        count(*) filter (where is_set_aside) as set_aside_rows,
        count(*) filter (where is_waiting) as waiting_rows,
        count(*) filter (where is_current and current_day <> day) as moved_out_rows,
        0 as moved_in_rows,
        0 as describing_rows,
        0 as consignments
    from {{ ref(facts.ranks) }}
    group by day

    union all

    select
        '{{ source_name }}' as source_name,
        current_day as day,
        0 as raw_rows,
        0 as superseded_rows,
        0 as set_aside_rows,
        0 as waiting_rows,
        0 as moved_out_rows,
        count(*) as moved_in_rows,
        0 as describing_rows,
        0 as consignments
    from {{ ref(facts.ranks) }}
    where is_current and current_day <> day
    group by current_day

    union all

    {% endfor %}
    select
        'low_value_declaration' as source_name,
        day,
        0 as raw_rows,
        0 as superseded_rows,
        0 as set_aside_rows,
        0 as waiting_rows,
        0 as moved_out_rows,
        0 as moved_in_rows,
        count(*) as describing_rows,
        0 as consignments
    from {{ ref('int_consignments__low_value_matched') }}
    group by day

    union all

    select
        source as source_name,
        day,
        0 as raw_rows,
        0 as superseded_rows,
        0 as set_aside_rows,
        0 as waiting_rows,
        0 as moved_out_rows,
        0 as moved_in_rows,
        0 as describing_rows,
        count(*) as consignments
    from {{ ref('fct_consignments') }}
    where day in (select day from {{ ref('int_calendar__days') }})
    group by source, day

)

select
    counts.source_name,
    counts.day,
    cast(sum(raw_rows) as bigint) as raw_rows,
    cast(sum(superseded_rows) as bigint) as superseded_rows,
    cast(sum(set_aside_rows) as bigint) as set_aside_rows,
    cast(sum(waiting_rows) as bigint) as waiting_rows,
    cast(sum(moved_out_rows) as bigint) as moved_out_rows,
    cast(sum(moved_in_rows) as bigint) as moved_in_rows,
    cast(
        sum(
            raw_rows - superseded_rows - set_aside_rows - waiting_rows
            - moved_out_rows + moved_in_rows
        ) as bigint
    ) as current_records,
    cast(sum(describing_rows) as bigint) as describing_rows,
    cast(sum(consignments) as bigint) as consignments
from counts
inner join {{ ref('int_calendar__days') }} as days
    on counts.day = days.day
group by counts.source_name, counts.day
