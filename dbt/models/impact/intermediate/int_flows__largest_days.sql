{{ config(materialized='day_window') }}

-- Sellers and importers are too many to be kept one by one: of each cell of a day the two largest
-- sellers, and the largest importer by what he imports that day in all cells together, which is the
-- most that he may contribute to this one.
with consignments as (

    select * from {{ ref('int_flows__consignments') }}

),

importers as (

    select
        day,
        importer_code,
        cast(coalesce(sum(customs_value_vnd), 0) as decimal(38, 2)) as importer_value_vnd
    from consignments
    where importer_code <> 'unknown'
    group by day, importer_code

),

{% for family, parts in flow_families().items() -%}
sellers_{{ family }} as (

    select
        day,
        {{ parts['columns'] | join(', ') }},
        seller_code,
        cast(coalesce(sum(customs_value_vnd), 0) as decimal(38, 2)) as customs_value_vnd
    from consignments
    group by day, {{ parts['columns'] | join(', ') }}, seller_code

),

importers_{{ family }} as (

    select
        consignments.day,
        {% for column in parts['columns'] -%}
        consignments.{{ column }},
        {% endfor -%}
        max(importers.importer_value_vnd) as importer_value_vnd,
        cast(
            coalesce(
                sum(case when importers.importer_code is null then consignments.customs_value_vnd end),
                0
            ) as decimal(38, 2)
        ) as unknown_value_vnd
    from consignments
    left join importers
        on consignments.day = importers.day
        and consignments.importer_code = importers.importer_code
    group by
        consignments.day
        {%- for column in parts['columns'] %},
        consignments.{{ column }}
        {%- endfor %}

),

{% endfor -%}
sellers as (
    {% for family, parts in flow_families().items() -%}
    {%- set is_last_family = loop.last -%}
    {%- for dimension, member in parts['dimensions'] %}
    select
        day,
        '{{ dimension }}' as dimension,
        {{ member }} as member_code,
        seller_code,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd
    from sellers_{{ family }}
    group by day{{ ', ' ~ member if dimension != 'total' }}, seller_code
    {{ 'union all' if not (is_last_family and loop.last) }}
    {%- endfor -%}
    {%- endfor %}
),

ranked as (

    select
        sellers.*,
        row_number() over (
            partition by day, dimension, member_code, seller_code = 'unknown'
            order by customs_value_vnd desc nulls last, seller_code asc nulls last
        ) as seller_rank
    from sellers

)

select
    day,
    dimension,
    member_code,
    'seller' as contributor_role,
    count(case when seller_code <> 'unknown' then 1 end) as contributor_count,
    max(case when seller_code <> 'unknown' and seller_rank = 1 then customs_value_vnd end)
        as largest_contribution_vnd,
    max(case when seller_code <> 'unknown' and seller_rank = 2 then customs_value_vnd end)
        as second_contribution_vnd,
    cast(
        coalesce(sum(case when seller_code = 'unknown' then customs_value_vnd end), 0)
        as decimal(38, 2)
    ) as unknown_contribution_vnd
from ranked
group by day, dimension, member_code
{% for family, parts in flow_families().items() -%}
{%- for dimension, member in parts['dimensions'] %}
union all
select
    day,
    '{{ dimension }}' as dimension,
    {{ member }} as member_code,
    'importer' as contributor_role,
    cast(null as bigint) as contributor_count,
    max(importer_value_vnd) as largest_contribution_vnd,
    cast(null as decimal(38, 2)) as second_contribution_vnd,
    cast(sum(unknown_value_vnd) as decimal(38, 2)) as unknown_contribution_vnd
from importers_{{ family }}
group by day{{ ', ' ~ member if dimension != 'total' }}
{%- endfor -%}
{%- endfor %}
