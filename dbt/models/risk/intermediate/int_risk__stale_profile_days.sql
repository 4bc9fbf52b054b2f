{{ config(materialized='whole_table') }}
-- Later days of which a scorecard reads profiles or usual routes that the run changed. Part of
-- int_risk__stale_days, apart because the days are those of a model.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

later as (

    select distinct held.day
    from {{ ref('int_risk__goods_days') }} as held
    inner join {{ ref('int_risk__model_versions') }} as models
        on held.day >= models.valid_from
        and (models.valid_to is null or held.day <= models.valid_to)
    left join computed
        on held.day = computed.day
    where
        models.kind = 'scorecard'
        and computed.day is null
        and held.day > (select min(earliest.day) from computed as earliest)

),

parameters as (

    select
        day,
        {{ add_days('day', '-profile_lookback_days') }} as profile_history_from,
        {{ add_days('day', '-goods_lookback_days') }} as goods_history_from
    from (
        {{ parameters_by_day({
            'profile_lookback_days': ['PROFILE_LOOKBACK_DAYS', 'integer'],
            'goods_lookback_days': ['GOODS_LOOKBACK_DAYS', 'integer'],
        }, days='later') }}
    ) as by_day

),

{{ reached_days({'profile': [], 'goods': []}) }},

cells as (

    {{ goods_cells('profile_reached') }}

),

history as (

    {{ profile_history('profile_reached') }}

),

profiles as (

    {{ profile_states('cells', 'history') }}

),

measures as (

    {{ goods_measures('goods_reached') }}

),

{% set profile_columns = ['profile_id', 'cell_key', 'outcome', 'case_count'] %}
{% set stored_profiles -%}
    (select * from {{ ref('int_risk__profile_states') }} where not {{ is_entity_profile('profile_id') }})
{%- endset %}
{% set measure_columns = ['goods_code'] + goods_key_columns().values() | list + [
    'departure_share_milli', 'schedule_share_milli', 'rate_above_best_milli',
] %}
{{ changed_states([
    ('profiles', profile_columns, stored_profiles, 'profile_reached'),
    ('measures', measure_columns, ref('int_risk__goods_measures'), 'goods_reached'),
]) }}
select
    day,
    'profiles' as reason
from changed_profiles
union
select
    day,
    'goods' as reason
from changed_measures
