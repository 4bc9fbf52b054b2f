{{ config(materialized='whole_table') }}

-- Consignments with which their consignee passes a yearly limit of relieved value: in the order of days
-- and numbers, from the first day held of the calendar year. No such limit is in force; the draft
-- customs decree has one, and a scenario may set it (DUTY_RELIEF_YEAR_VALUE). Without one no row is read.
with limits as (

    select
        extract(year from day) as year_no,
        max(duty_relief_year_value_vnd) as year_limit_vnd
    from {{ ref('int_taxes__rules_by_day') }}
    where duty_relief_year_value_vnd is not null
    group by extract(year from day)

),

running as (

    select
        consignments.consignment_id,
        consignments.day,
        limits.year_limit_vnd,
        sum(coalesce(consignments.low_value_declared_value_vnd, consignments.value_vnd)) over (
            partition by consignments.consignee_party_id, limits.year_no
            order by consignments.day asc nulls last, consignments.consignment_id asc nulls last
            rows between unbounded preceding and current row
        ) as year_value_vnd
    from {{ ref('fct_consignments') }} as consignments
    inner join limits
        on extract(year from consignments.day) = limits.year_no
    where
        consignments.is_in_flows
        and consignments.consignee_party_key <> 'none'

)

select
    running.consignment_id,
    running.day,
    cast(running.year_value_vnd as decimal(38, 2)) as year_value_vnd
from running
inner join {{ ref('int_calendar__days') }} as days
    on running.day = days.day
where running.year_value_vnd > running.year_limit_vnd
