{{ config(materialized='whole_table') }}
-- Later days whose selection rests on a past that the run changed: decisions of officers that came
-- late, or whose goods did. Part of int_risk__stale_days, apart because it is no risk that changes.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

later as (

    select held.day
    from (
        select day from {{ ref('fct_selections') }}
        union
        select decided_date as day from {{ ref('stg_enforcement__selection_overrides') }}
    ) as held
    left join computed
        on held.day = computed.day
    where
        computed.day is null
        and held.day > (select min(earliest.day) from computed as earliest)

),

parameters as (

    select
        day,
        {{ add_days('day', '-override_lookback_days') }} as override_history_from
    from (
        select
            day,
            {{ rule_number('OVERRIDE_LOOKBACK_DAYS', 'integer') }} as override_lookback_days
        from ({{ rules_in_force('later') }}) as rules
        group by day
    ) as by_day

),

override_reached as (

    select distinct
        parameters.day,
        parameters.override_history_from
    from parameters
    inner join computed
        on parameters.override_history_from <= computed.day
        and parameters.day > computed.day

),

overrides as (

    {{ override_links('override_reached') }}

),

{% set columns = [
    'consignment_id', 'consignment_day', 'decided_at', 'office_code', 'override', 'risk_type',
] %}
changed_overrides as (

    select day
    from (
        select day, {{ columns | join(', ') }}, 1 as side
        from overrides
        union all
        select stored.day, stored.{{ columns | join(', stored.') }}, -1 as side
        from {{ ref('int_risk__overrides') }} as stored
        inner join override_reached
            on stored.day = override_reached.day
    ) as both_sides
    group by day, {{ columns | join(', ') }}
    having sum(side) <> 0

)

select distinct
    day,
    'overrides' as reason
from changed_overrides
