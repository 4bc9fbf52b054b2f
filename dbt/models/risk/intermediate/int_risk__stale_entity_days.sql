{{ config(materialized='whole_table') }}
-- Later days whose profiles of entities and their cohorts the run changed. Part of
-- int_risk__stale_days, apart because only cells are looked at again of which a result became known,
-- or was, on a computed day.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

{% set held %}
    select distinct day from {{ ref('int_risk__goods_days') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

parameters as (

    select
        day,
        {{ add_days('day', '-profile_lookback_days') }} as profile_history_from
    from (
        {{ parameters_by_day({
            'profile_lookback_days': ['PROFILE_LOOKBACK_DAYS', 'integer'],
        }, days='later') }}
    ) as by_day

),

{{ reached_days({'profile': []}) }},

history as (

    {{ profile_history('profile_reached') }}

),

touched as (

    select distinct
        history.day,
        results.profile_id,
        results.cell_key
    from {{ ref('int_risk__profile_days') }} as results
    inner join computed
        on results.day = computed.day
    inner join history
        on results.day = history.history_day
    where {{ is_entity_profile('results.profile_id') }}

),

asked as (

    select
        day,
        profile_id,
        cell_key
    from (
        {{ entity_cells('profile_reached', 'touched', is_known_only=true) }}
    ) as cells
    union all
    select
        day,
        profile_id,
        cell_key
    from touched
    where profile_id = 'all'
    union all
    select
        states.day,
        states.profile_id,
        states.cell_key
    from {{ ref('int_risk__profile_states') }} as states
    inner join profile_reached
        on states.day = profile_reached.day
    where {{ is_entity_profile('states.profile_id') }}

),

profiles as (

    {{ profile_states('asked', 'history') }}

),

{% set stored -%}
    (select * from {{ ref('int_risk__profile_states') }} where {{ is_entity_profile('profile_id') }})
{%- endset %}
{{ changed_states([
    ('profiles', ['profile_id', 'cell_key', 'outcome', 'case_count'], stored, 'profile_reached'),
]) }}
select
    day,
    'entities' as reason
from changed_profiles
