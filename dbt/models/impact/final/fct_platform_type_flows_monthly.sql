-- Flows of a month by the legal type of their platform (Law 122/2025/QH15), from the flows by platform.
-- A type is the one that the registry states on the last day held, for all months: a statement of
-- today sorts what was bought yesterday, too. Nothing is left out: a platform whose type nobody
-- stated is `undetermined`, goods that name no platform are `unstated`.
with platforms as (

    select
        flows.*,
        case
            when flows.member_code = 'unstated' then 'unstated'
            else coalesce(registry.legal_type, 'undetermined')
        end as legal_type
    from {{ ref('fct_flows_monthly') }} as flows
    left join {{ ref('dim_platform') }} as registry
        on flows.member_code = registry.platform_code
    where flows.dimension = 'platform'

),

types as (

    select
        month,
        legal_type,
        max(basis) as basis,
        max(days_covered) as days_covered,
        max(days_in_month) as days_in_month,
        count(*) as platform_count,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_without_value) as bigint) as consignments_without_value,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd
    from platforms
    group by month, legal_type

),

totals as (

    select
        types.*,
        sum(consignments) over (partition by month) as total_consignments,
        cast(sum(customs_value_vnd) over (partition by month) as decimal(38, 2))
            as total_customs_value_vnd
    from types

)

select
    month,
    legal_type,
    basis,
    days_covered,
    days_in_month,
    days_covered = days_in_month as is_complete_month,
    case when legal_type = 'unstated' then cast(0 as bigint) else platform_count end
        as platform_count,
    consignments,
    consignments_without_value,
    customs_value_vnd,
    total_customs_value_vnd,
    {{ percent_in_full('customs_value_vnd', 'total_customs_value_vnd') }} as share_of_value_percent,
    {{ percent_in_full('consignments', 'total_consignments') }} as share_of_consignments_percent
from totals
