{{ config(materialized='whole_table') }}
-- Points of everything that is no indicator, one row a consignment and risk type whose model in force
-- is a scorecard. A consignment is as risky as its riskiest item.
{%- set models = scorecards_in_force('item') %}
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

)

select
    consignment_id,
    day,
    risk_type,
    model_version,
    cast(max(feature_points) as bigint) as feature_points
from items
group by
    consignment_id,
    day,
    risk_type,
    model_version
