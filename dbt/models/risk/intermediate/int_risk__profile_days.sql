{{ config(materialized='day_window') }}
-- Mergeable: what became known a day about each cell. `outcome` is inspected for every item that was
-- inspected, and once more the type of each finding. What was not inspected is in no count.
with outcomes as (

    select distinct
        inspected.day,
        inspected.consignment_id,
        inspected.consignment_day,
        'inspected' as outcome
    from {{ ref('int_risk__inspected_consignments') }} as inspected
    inner join {{ ref('int_risk__parameters') }} as parameters
        on inspected.day = parameters.day
    union all
    select distinct
        inspected.day,
        inspected.consignment_id,
        inspected.consignment_day,
        inspected.finding_type as outcome
    from {{ ref('int_risk__inspected_consignments') }} as inspected
    inner join {{ ref('int_risk__parameters') }} as parameters
        on inspected.day = parameters.day
    where inspected.result = 'finding'

),

known as (

    select
        outcomes.day,
        outcomes.outcome,
        {{ goods_columns('goods') }},
        count(*) as item_count
    from outcomes
    inner join {{ ref('int_risk__goods') }} as goods
        on outcomes.consignment_day = goods.day
        and outcomes.consignment_id = goods.consignment_id
    group by
        outcomes.day,
        outcomes.outcome,
        {{ goods_columns('goods') }}

),

cells as (

    {% for profile in ['base'] + goods_profiles().keys() | list %}
    select
        known.day,
        '{{ profile }}' as profile_id,
        {% if profile == 'base' %}'' {% else %}{{ goods_cell(profile, 'known') }} {% endif %}as cell_key,
        known.outcome,
        known.item_count
    from known
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    day,
    profile_id,
    cell_key,
    outcome,
    cast(sum(item_count) as bigint) as item_count
from cells
where cell_key is not null
group by
    day,
    profile_id,
    cell_key,
    outcome
