{{ config(materialized='day_window') }}

-- What still flows through each platform, by its status that day (duties F01-F03). After a
-- suspension or a deregistration the remaining flow is the residual to act on.
with flows as (

    select
        day,
        platform_code,
        platform_status,
        sum(consignments) as consignments,
        sum(value_vnd) as value_vnd,
        sum(customs_value_vnd) as customs_value_vnd,
        sum(duty_due_vnd) as duty_due_vnd,
        sum(duty_relieved_vnd) as duty_relieved_vnd,
        sum(vat_due_vnd) as vat_due_vnd,
        sum(vat_relieved_vnd) as vat_relieved_vnd,
        sum(consignments_without_value) as consignments_without_value,
        count(distinct province_code) as province_count
    from {{ ref('fct_import_flows_daily') }}
    where day in (select days.day from {{ ref('int_calendar__days') }} as days)
    group by day, platform_code, platform_status

)

select
    flows.day,
    flows.platform_code,
    flows.platform_status,
    periods.valid_from as status_since,
    cast({{ days_between('periods.valid_from', 'flows.day') }} as bigint) as days_in_status,
    flows.platform_status in ('suspended', 'deregistered') as is_residual_flow,
    cast(flows.consignments as bigint) as consignments,
    cast(flows.value_vnd as decimal(38, 2)) as value_vnd,
    cast(flows.customs_value_vnd as decimal(38, 2)) as customs_value_vnd,
    cast(flows.duty_due_vnd as decimal(38, 2)) as duty_due_vnd,
    cast(flows.duty_relieved_vnd as decimal(38, 2)) as duty_relieved_vnd,
    cast(flows.vat_due_vnd as decimal(38, 2)) as vat_due_vnd,
    cast(flows.vat_relieved_vnd as decimal(38, 2)) as vat_relieved_vnd,
    cast(flows.consignments_without_value as bigint) as consignments_without_value,
    flows.province_count
from flows
left join {{ ref('int_platforms__status') }} as periods
    on flows.platform_code = periods.platform_code
    and flows.day >= periods.valid_from
    and (periods.valid_before is null or flows.day < periods.valid_before)
