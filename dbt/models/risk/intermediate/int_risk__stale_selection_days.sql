{{ config(materialized='whole_table') }}
-- Later days whose selection rests on a past that the run changed: decisions of officers that came
-- late, or whose goods did, and the drift that sets the share of the draw. Part of
-- int_risk__stale_days, apart because it is no risk that changes.
with computed as (

    select day from {{ ref('int_calendar__days') }}

),

-- days that have goods: of others only decisions may be known
drifted as (

    select distinct day from {{ ref('int_risk__feature_bins') }}

),

{% set held %}
    select day from drifted
    union
    select decided_date as day from {{ ref('stg_enforcement__selection_overrides') }}
{% endset %}
later as (

    {{ later_days(held) }}

),

parameters as (

    select
        day,
        {{ add_days('day', '-override_lookback_days') }} as override_history_from,
        {{ add_days('day', '-drift_recent_days') }} as drift_recent_from,
        {{ add_days('day', '-(drift_recent_days + drift_reference_days)') }} as drift_reference_from,
        drift_minimum_consignments,
        drift_prior
    from (
        {{ parameters_by_day({
            'override_lookback_days': ['OVERRIDE_LOOKBACK_DAYS', 'integer'],
            'drift_recent_days': ['DRIFT_RECENT_DAYS', 'integer'],
            'drift_reference_days': ['DRIFT_REFERENCE_DAYS', 'integer'],
            'drift_minimum_consignments': ['DRIFT_MIN_CONSIGNMENTS', 'bigint'],
            'drift_prior': ['DRIFT_PRIOR', 'decimal(18,6)'],
        }, days='later') }}
    ) as by_day

),

{{ reached_days({'override': []}) }},

drift_reached as (

    select distinct
        parameters.day,
        parameters.drift_recent_from,
        parameters.drift_reference_from,
        parameters.drift_minimum_consignments,
        parameters.drift_prior
    from parameters
    inner join drifted
        on parameters.day = drifted.day
    inner join computed
        on parameters.drift_reference_from <= computed.day
        and parameters.day > computed.day

),

overrides as (

    {{ override_links('override_reached') }}

),

drift as (

    {{ feature_drift('drift_reached') }}

),

{% set override_columns = [
    'consignment_id', 'consignment_day', 'decided_at', 'office_code', 'override', 'risk_type',
] %}
{{ changed_states([
    ('overrides', override_columns, ref('int_risk__overrides'), 'override_reached'),
    ('drift', ['feature', 'psi_milli'], ref('fct_feature_drift'), 'drift_reached'),
]) }}
select
    day,
    'overrides' as reason
from changed_overrides
union
select
    day,
    'drift' as reason
from changed_drift
