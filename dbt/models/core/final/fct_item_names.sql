{{ config(materialized='day_window') }}

-- What the names of a day's goods say: three headings each, whatever was declared. Of goods without
-- a declared code the first is their heading where it is an answer.
with named as (

    select
        day,
        item_description_folded,
        count(*) as item_count,
        sum(case when hs_basis <> 'declared' then 1 else 0 end) as undeclared_item_count
    from {{ ref('fct_consignment_items') }}
    where day in (select days.day from {{ ref('int_calendar__days') }} as days)
        and item_description_folded is not null
        and is_active
    group by day, item_description_folded

)

select
    named.day,
    named.item_description_folded,
    periods.model_version,
    names.hs_heading is not null as is_answered,
    coalesce(names.hs_heading, 'unknown') as hs_heading,
    names.first_heading,
    names.first_probability_micro,
    names.second_heading,
    names.second_probability_micro,
    names.third_heading,
    names.third_probability_micro,
    cast(named.item_count as bigint) as item_count,
    cast(named.undeclared_item_count as bigint) as undeclared_item_count
from named
inner join {{ ref('int_items__periods_by_day') }} as periods
    on named.day = periods.day
inner join {{ ref('int_items__classified') }} as names
    on periods.period_no = names.period_no
    and named.item_description_folded = names.item_description_folded
