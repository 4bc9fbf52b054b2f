{{ config(materialized='whole_table') }}
-- Points of what goods, route and regime say, added up once for each combination and not for each
-- parcel. The statement is written from the bins of the models in force.
{%- set models = scorecards_in_force('goods') %}
{%- for model in models %}
select
    profiles.day,
    {{ goods_columns('profiles') }},
    profiles.risk_type,
    '{{ model.version }}' as model_version,
    cast(0
    {%- for feature, bins in model.features.items() %}
        + {{ bin_points(feature, bins) }}
    {%- endfor %} as bigint) as goods_points
from {{ ref('int_risk__goods_profiles') }} as profiles
inner join {{ ref('int_risk__models_in_force') }} as models
    on profiles.day = models.day
    and profiles.risk_type = models.risk_type
inner join {{ ref('int_risk__goods_measures') }} as measures
    on profiles.day = measures.day
    {%- for column in ['goods_code'] + goods_key_columns().values() | list %}
    and profiles.{{ column }} = measures.{{ column }}
    {%- endfor %}
where models.model_version = '{{ model.version }}'
{{ 'union all' if not loop.last }}
{%- else %}
select
    profiles.day,
    {{ goods_columns('profiles') }},
    profiles.risk_type,
    cast(null as string) as model_version,
    cast(0 as bigint) as goods_points
from {{ ref('int_risk__goods_profiles') }} as profiles
inner join {{ ref('int_risk__models_in_force') }} as models
    on profiles.day = models.day
inner join {{ ref('int_risk__goods_measures') }} as measures
    on profiles.day = measures.day
where models.kind = 'none'
{%- endfor %}
