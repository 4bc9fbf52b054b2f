{{ config(materialized='day_window') }}

-- Places that many consignments of one day go to (duty F04): one address token or one warehouse.
-- A count is a suspicion, not a finding: offices, dormitories and parcel lockers look the same.
with limits as (

    select
        day,
        max(case when parameter_id = 'GATHERING_MIN_CONSIGNMENTS' then value end)
            as min_consignments,
        max(case when parameter_id = 'GATHERING_MAX_PER_DAY' then value end) as max_per_day
    from {{ ref('int_rules__in_force') }}
    group by day

),

-- first only the counts, on two narrow columns; the details follow for the few that qualify
busy_addresses as (

    select
        consignments.day,
        consignments.consignee_address_token as point_key
    from {{ ref('fct_consignments') }} as consignments
    inner join limits
        on consignments.day = limits.day
    where consignments.is_active and consignments.consignee_address_token is not null
    group by consignments.day, consignments.consignee_address_token
    having count(*) >= max(limits.min_consignments)

),

busy_warehouses as (

    select
        consignments.day,
        consignments.warehouse_code as point_key
    from {{ ref('fct_consignments') }} as consignments
    inner join limits
        on consignments.day = limits.day
    where consignments.is_active and consignments.warehouse_code is not null
    group by consignments.day, consignments.warehouse_code
    having count(*) >= max(limits.min_consignments)

),

{% set measures %}
        count(*) as consignments,
        count(distinct consignments.consignee_name_token) as distinct_consignee_names,
        count(distinct consignments.consignee_party_id) as distinct_consignees,
        count(distinct consignments.operator_code) as distinct_operators,
        count(*) filter (
            where consignments.platform_status in ('unregistered', 'suspended', 'deregistered')
        ) as consignments_unregistered_platform,
        max(consignments.consignee_province_code) as province_code,
        cast(coalesce(sum(consignments.value_vnd), 0) as decimal(38, 2)) as value_vnd
{% endset %}

points as (

    select
        busy_addresses.day,
        'address' as point_kind,
        busy_addresses.point_key,
        {{ measures | trim }}
    from {{ ref('fct_consignments') }} as consignments
    inner join busy_addresses
        on consignments.day = busy_addresses.day
        and consignments.consignee_address_token = busy_addresses.point_key
    where consignments.is_active
    group by busy_addresses.day, busy_addresses.point_key

    union all

    select
        busy_warehouses.day,
        'warehouse' as point_kind,
        busy_warehouses.point_key,
        {{ measures | trim }}
    from {{ ref('fct_consignments') }} as consignments
    inner join busy_warehouses
        on consignments.day = busy_warehouses.day
        and consignments.warehouse_code = busy_warehouses.point_key
    where consignments.is_active
    group by busy_warehouses.day, busy_warehouses.point_key

),

ranked as (

    select
        points.*,
        limits.max_per_day,
        row_number() over (
            partition by points.day, points.point_kind
            order by
                points.consignments_unregistered_platform desc,
                points.consignments desc,
                points.point_key asc nulls last
        ) as rank_in_day
    from points
    inner join limits
        on points.day = limits.day

)

select
    day,
    point_kind,
    point_key,
    cast(rank_in_day as bigint) as rank_in_day,
    consignments,
    distinct_consignee_names,
    distinct_consignees,
    distinct_operators,
    consignments_unregistered_platform,
    province_code,
    value_vnd
from ranked
where rank_in_day <= max_per_day
