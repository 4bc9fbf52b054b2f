{{ config(materialized='ephemeral') }}

-- What the rows and the records of each source and day come to, one kind of count a block; the days
-- of earlier runs are among them.

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
where day in (select days.day from {{ ref('int_calendar__days') }} as days)
group by source, day
