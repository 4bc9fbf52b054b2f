{{ config(materialized='whole_table') }}
-- Later days whose links or components rest on a past that the run changed: both are made again from
-- what is stored and compared. Part of int_risk__stale_days, apart because components follow one
-- another: all later days are made in one go, so that one round finds every day.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

{% set held %}
    select day from {{ ref('int_risk__goods_days') }}
    union
    select day from {{ ref('int_parties__components') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

parameters as (

    select
        day,
        {{ add_days('day', '-contact_lookback_days') }} as key_history_from,
        party_fan_in_limit,
        {{ add_days('day', '-component_lookback_days') }} as component_history_from
    from (
        {{ parameters_by_day({
            'contact_lookback_days': ['PARTY_CONTACT_LOOKBACK_DAYS', 'integer'],
            'party_fan_in_limit': ['PARTY_FAN_IN_LIMIT', 'bigint'],
            'component_lookback_days': ['PARTY_COMPONENT_LOOKBACK_DAYS', 'integer'],
        }, days='later') }}
    ) as by_day

),

-- Only days that look back to a computed day.
{{ reached_days({'key': ['party_fan_in_limit'], 'component': []}) }},

links as (

    {{ party_links('key_reached') }}

),

components as (

    {{ party_components('component_reached', ref('int_parties__components')) }}

),

{{ changed_states([
    ('links', ['party_id', 'other_party_id', 'link_reason'], ref('fct_party_links'), 'key_reached'),
    ('components', ['party_id', 'component_id'], ref('int_parties__components'), 'component_reached'),
]) }}
select
    day,
    'parties' as reason
from changed_links
union
select
    day,
    'parties' as reason
from changed_components
