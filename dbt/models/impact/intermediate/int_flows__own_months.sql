{{ config(materialized='day_window') }}

-- Months that the window touches, one dimension at a time, from the consignments of the days held.
-- A month is complete when flows were counted on each of its days. Tax is not kept by subheading.
with days_seen as (

    select
        cast(date_trunc('month', day) as date) as month,
        count(distinct day) as days_covered
    from {{ ref('fct_import_flows_daily') }}
    where {{ in_months_of_window('day') }}
    group by cast(date_trunc('month', day) as date)

),

members as (

    select
        cast(date_trunc('month', day) as date) as month,
        dimension,
        member_code,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_without_value) as bigint) as consignments_without_value,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
        cast(sum(value_in_trade_statistics_vnd) as decimal(38, 2)) as value_in_trade_statistics_vnd
    from {{ ref('int_flows__contributor_days') }}
    where
        contributor_role = 'operator'
        and {{ in_months_of_window('day') }}
    group by cast(date_trunc('month', day) as date), dimension, member_code

),

taxed as (

    {% for family, parts in flow_families().items() -%}
    {%- set is_last_family = loop.last -%}
    {%- for dimension, member in parts['dimensions'] if dimension != 'hs6' -%}
    select
        month,
        '{{ dimension }}' as dimension,
        {{ member }} as member_code,
        cast(sum(duty_due_vnd + vat_due_vnd) as decimal(38, 2)) as tax_due_vnd
    from {{ ref('fct_import_flows_monthly') }}
    where {{ in_window('month') }}
    group by month{{ ', ' ~ member if dimension != 'total' }}
    {{ 'union all' if not (is_last_family and loop.last) }}
    {% endfor -%}
    {%- endfor -%}

)

select
    members.month,
    members.dimension,
    members.member_code,
    days_seen.days_covered,
    cast({{ days_of_month('members.month') }} as bigint) as days_in_month,
    members.consignments,
    members.consignments_without_value,
    members.customs_value_vnd,
    cast(members.customs_value_vnd + taxed.tax_due_vnd as decimal(38, 2)) as landed_value_vnd,
    members.value_in_trade_statistics_vnd
from members
inner join days_seen on members.month = days_seen.month
left join taxed
    on members.month = taxed.month
    and members.dimension = taxed.dimension
    and members.member_code = taxed.member_code
