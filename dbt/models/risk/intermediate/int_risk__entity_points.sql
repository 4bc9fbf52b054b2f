{{ config(materialized='whole_table') }}
-- Points of whom a consignment goes through, one row a consignment and risk type whose model in force
-- reads any. The statement is written from the bins of the models in force; without one it is empty.
{#- named here, so that dbt knows what may be read before it can ask which models count -#}
{%- set entities, in_force = ref('int_risk__entities'), ref('int_risk__models_in_force') %}
{%- set types, profiles = ref('int_risk__modelled_types'), ref('fct_entity_profiles') %}
{%- set days = ref('int_risk__modelled_days') %}
{%- set models = scorecards_in_force('entity') | selectattr('features') | list %}
{%- for model in models %}
{%- set kinds = [] %}
{%- for feature in model.features %}
{%- do kinds.append(feature | replace('profile_', '')) %}
{%- endfor %}
select
    features.consignment_id,
    features.day,
    features.risk_type,
    '{{ model.version }}' as model_version,
    cast(0
    {%- for feature, bins in model.features.items() %}
        + {{ bin_points('features.' ~ feature, bins) }}
    {%- endfor %} as bigint) as entity_points
from (
    {{ entity_features(kinds, entities) }}
    where types.risk_type = '{{ model.risk_type }}'
) as features
inner join {{ in_force }} as models
    on features.day = models.day
    and features.risk_type = models.risk_type
where models.model_version = '{{ model.version }}'
{{ 'union all' if not loop.last }}
{%- else %}
select
    cast(null as string) as consignment_id,
    cast(null as date) as day,
    cast(null as string) as risk_type,
    cast(null as string) as model_version,
    cast(0 as bigint) as entity_points
where false
{%- endfor %}
