-- One line per platform for the warning list: its status at the end of the window, and what still
-- flows through it. Platforms that only deliveries name are listed as 'unregistered'.
with flows as (

    select
        platform_code,
        min(day) as first_flow_day,
        max(day) as last_flow_day,
        sum(consignments) as consignments,
        sum(value_vnd) as value_vnd,
        sum(duty_due_vnd + vat_due_vnd) as tax_due_vnd,
        sum(case when is_residual_flow then consignments else 0 end) as residual_consignments,
        sum(case when is_residual_flow then value_vnd else 0 end) as residual_value_vnd
    from {{ ref('fct_platform_flows') }}
    where platform_status <> 'unstated'
    group by platform_code

)

select
    coalesce(platforms.platform_code, flows.platform_code) as platform_code,
    coalesce(platforms.platform_name, flows.platform_code) as platform_name,
    coalesce(platforms.legal_type, 'undetermined') as legal_type,
    platforms.is_foreign,
    coalesce(platforms.platform_status, 'unregistered') as platform_status,
    platforms.status_since,
    platforms.status_instrument,
    platforms.status_evidence_grade,
    flows.first_flow_day,
    flows.last_flow_day,
    cast(coalesce(flows.consignments, 0) as bigint) as consignments,
    cast(coalesce(flows.value_vnd, 0) as decimal(38, 2)) as value_vnd,
    cast(coalesce(flows.tax_due_vnd, 0) as decimal(38, 2)) as tax_due_vnd,
    cast(coalesce(flows.residual_consignments, 0) as bigint) as residual_consignments,
    cast(coalesce(flows.residual_value_vnd, 0) as decimal(38, 2)) as residual_value_vnd
from {{ ref('dim_platform') }} as platforms
full outer join flows
    on platforms.platform_code = flows.platform_code
