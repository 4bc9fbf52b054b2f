{{ config(materialized='day_window') }}

-- Value of each unit of a market on a day, by chapter; 'unknown' is the remainder that nobody is
-- named for. Units of routes are few and grouped once; sellers are many.
{% set units = {
    'platform': 'platform_contributor_code',
    'origin': 'origin_country_code',
    'declarant': 'declarant_code',
    'warehouse': 'warehouse_code',
} %}
with consignments as (

    select * from {{ ref('int_flows__consignments') }}
    where customs_value_vnd is not null

),

routes as (

    select
        day,
        hs_chapter,
        {{ units.values() | join(', ') }},
        sum(customs_value_vnd) as customs_value_vnd
    from consignments
    group by day, hs_chapter, {{ units.values() | join(', ') }}

)

{% for dimension, unit in units.items() -%}
select
    day,
    '{{ dimension }}' as dimension,
    hs_chapter,
    {{ unit }} as unit_code,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd
from routes
group by day, hs_chapter, {{ unit }}

union all

{% endfor -%}
select
    day,
    'seller' as dimension,
    hs_chapter,
    seller_code as unit_code,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd
from consignments
group by day, hs_chapter, seller_code
