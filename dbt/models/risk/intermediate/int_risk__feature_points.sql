{{ config(materialized='whole_table') }}
-- Points of everything that is no indicator, one row a consignment and risk type whose model in force
-- is a scorecard. A consignment is as risky as its riskiest item, and whom it goes through comes on top.
{%- set models = scorecards_in_force('item') %}
{%- set entity_points = ref('int_risk__entity_points') %}
{%- set reads_entities = scorecards_in_force('entity') | selectattr('features') | list | length > 0 %}
with items as (
{% for model in models %}
    select
        items.consignment_id,
        items.day,
        goods.risk_type,
        goods.model_version,
        goods.goods_points
        {%- for feature, bins in model.features.items() %}
        + {{ bin_points('items.' ~ feature, bins) }}
        {%- endfor %} as feature_points
    from {{ ref('int_risk__item_features') }} as items
    inner join {{ ref('int_risk__goods_points') }} as goods
        on items.day = goods.day
        {%- for column in ['goods_code'] + goods_key_columns().values() | list %}
        and items.{{ column }} = goods.{{ column }}
        {%- endfor %}
    where goods.model_version = '{{ model.version }}'
    {{ 'union all' if not loop.last }}
{%- else %}
    select
        items.consignment_id,
        items.day,
        goods.risk_type,
        goods.model_version,
        goods.goods_points as feature_points
    from {{ ref('int_risk__item_features') }} as items
    inner join {{ ref('int_risk__goods_points') }} as goods
        on items.day = goods.day
    where goods.model_version is null
{%- endfor %}

),

riskiest as (

    select
        consignment_id,
        day,
        risk_type,
        model_version,
        max(feature_points) as item_points
    from items
    group by
        consignment_id,
        day,
        risk_type,
        model_version

)

select
    riskiest.consignment_id,
    riskiest.day,
    riskiest.risk_type,
    riskiest.model_version,
    cast(
        riskiest.item_points{% if reads_entities %} + coalesce(entities.entity_points, 0){% endif %} as bigint
    ) as feature_points
from riskiest
{%- if reads_entities %}
left join {{ entity_points }} as entities
    on riskiest.day = entities.day
    and riskiest.consignment_id = entities.consignment_id
    and riskiest.model_version = entities.model_version
{%- endif %}
