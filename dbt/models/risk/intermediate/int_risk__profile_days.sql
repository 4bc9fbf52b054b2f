{{ config(materialized='day_window') }}
-- Mergeable: what became known a day about each cell. `outcome` is inspected for every case that was
-- inspected, and once more the type of each finding; of entities also finding, of whichever type. A case
-- is an item in the cells of goods, a consignment in those of entities. What was not inspected is in no
-- count.
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
        count(*) as case_count
    from outcomes
    inner join {{ ref('int_risk__goods') }} as goods
        on outcomes.consignment_day = goods.day
        and outcomes.consignment_id = goods.consignment_id
    group by
        outcomes.day,
        outcomes.outcome,
        {{ goods_columns('goods') }}

),

-- who stands behind what was inspected
behind as (

    select
        outcomes.day,
        outcomes.outcome,
        {% for kind in entity_profiles() %}
        entities.{{ kind }}_key{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select day, consignment_id, consignment_day, outcome
        from outcomes
        union all
        select distinct day, consignment_id, consignment_day, 'finding' as outcome
        from outcomes
        where outcome <> 'inspected'
    ) as outcomes
    inner join {{ ref('int_risk__entities') }} as entities
        on outcomes.consignment_day = entities.day
        and outcomes.consignment_id = entities.consignment_id

),

cells as (

    {% for profile in ['base'] + goods_profiles().keys() | list %}
    select
        known.day,
        '{{ profile }}' as profile_id,
        {% if profile == 'base' %}'' {% else %}{{ goods_cell(profile, 'known') }} {% endif %}as cell_key,
        known.outcome,
        known.case_count
    from known
    union all
    {% endfor %}
    {% for kind in ['all'] + entity_profiles().keys() | list %}
    select
        day,
        '{{ kind }}' as profile_id,
        {{ "''" if kind == 'all' else kind ~ '_key' }} as cell_key,
        outcome,
        1 as case_count
    from behind
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    day,
    profile_id,
    cell_key,
    outcome,
    cast(sum(case_count) as bigint) as case_count
from cells
where cell_key is not null
group by
    day,
    profile_id,
    cell_key,
    outcome
