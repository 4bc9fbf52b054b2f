{{ config(materialized='day_window') }}

-- What each platform, operator and declarant contributes to each cell of a day. A family of
-- dimensions is grouped once, its dimensions from the few rows that are left.
with consignments as (

    select * from {{ ref('int_flows__consignments') }}

),

{% for family, parts in flow_families().items() -%}
{{ family }} as (

    select
        day,
        {{ parts['columns'] | join(', ') }},
        {{ flow_roles().values() | join(', ') }},
        count(*) as consignments,
        count(*) - count(customs_value_vnd) as consignments_without_value,
        cast(coalesce(sum(customs_value_vnd), 0) as decimal(38, 2)) as customs_value_vnd,
        cast(
            coalesce(sum(case when is_in_trade_statistics then customs_value_vnd end), 0)
            as decimal(38, 2)
        ) as value_in_trade_statistics_vnd
    from consignments
    group by
        day,
        {{ parts['columns'] | join(', ') }},
        {{ flow_roles().values() | join(', ') }}

){{ ',' if not loop.last }}

{% endfor -%}
{%- for family, parts in flow_families().items() -%}
{%- set is_last_family = loop.last -%}
{%- for dimension, member in parts['dimensions'] -%}
{%- set is_last_dimension = loop.last -%}
{%- for role, contributor in flow_roles().items() -%}
select
    day,
    '{{ dimension }}' as dimension,
    {{ member }} as member_code,
    '{{ role }}' as contributor_role,
    {{ contributor }} as contributor_code,
    cast(sum(consignments) as bigint) as consignments,
    cast(sum(consignments_without_value) as bigint) as consignments_without_value,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
    cast(sum(value_in_trade_statistics_vnd) as decimal(38, 2)) as value_in_trade_statistics_vnd
from {{ family }}
group by day{{ ', ' ~ member if dimension != 'total' }}, {{ contributor }}
{{ 'union all' if not (is_last_family and is_last_dimension and loop.last) }}
{% endfor -%}
{%- endfor -%}
{%- endfor -%}
