{{ config(materialized='day_window') }}

select
    day,
    cast(sum(consignments) as bigint) as consignments,
    cast(sum(case when platform_status = 'registered' then consignments else 0 end) as bigint)
        as consignments_registered_platform,
    cast(
        sum(
            case
                when platform_status in ('unregistered', 'suspended', 'deregistered', 'applying')
                    then consignments
                else 0
            end
        ) as bigint
    ) as consignments_other_platform,
    cast(sum(case when platform_status = 'unstated' then consignments else 0 end) as bigint)
        as consignments_platform_unstated,
    cast(sum(consignments_without_value) as bigint) as consignments_without_value,
    cast(sum(case when hs_heading = 'unknown' then consignments else 0 end) as bigint)
        as consignments_without_heading,
    cast(sum(parcels_without_declaration) as bigint) as parcels_without_declaration,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
    cast(sum(duty_due_vnd) as decimal(38, 2)) as duty_due_vnd,
    cast(sum(duty_relieved_vnd) as decimal(38, 2)) as duty_relieved_vnd,
    cast(sum(vat_due_vnd) as decimal(38, 2)) as vat_due_vnd,
    cast(sum(vat_relieved_vnd) as decimal(38, 2)) as vat_relieved_vnd
from {{ ref('fct_import_flows_daily') }}
where day in (select days.day from {{ ref('int_calendar__days') }} as days)
group by day
