{{ config(materialized='whole_table') }}
with rules as (

    select
        day,
        parameter_id,
        value,
        value_text
    from {{ ref('int_rules__in_force') }}

),

-- A parameter that is not in force on a day is null there: its rule cannot fire.
by_day as (

    select
        day,
        max(case when parameter_id = 'HOME_COUNTRY' then value_text end) as home_country_code,
        {{ rule_number('SHARED_CONTACT_STATE_CONSIGNEES', 'bigint') }} as contact_state_consignees,
        {{ rule_number('SHARED_CONTACT_LOOKBACK_DAYS', 'integer') }} as contact_lookback_days,
        {{ rule_number('PRICE_LOOKBACK_DAYS', 'integer') }} as price_lookback_days,
        {{ rule_number('PRICE_LOG_BUCKET', 'decimal(18,6)') }} as price_log_bucket,
        {{ rule_number('PLATFORM_SIGN_STATE_PARCELS', 'bigint') }} as platform_state_parcels,
        {{ rule_number('PLATFORM_LIKENESS_LOOKBACK_DAYS', 'integer') }} as platform_lookback_days,
        {{ rule_number('PLATFORM_LIKENESS_PARCELS', 'bigint') }} as platform_least_parcels,
        {{ rule_number('PLATFORM_LIKENESS_PERCENT', 'bigint') }} as platform_least_percent,
        {{ rule_number('PLATFORM_LIKENESS_STATED', 'bigint') }} as platform_stated_percent,
        {{ rule_number('SELECTION_MIN_SCORE', 'bigint') }} as selection_minimum_score,
        max(case when parameter_id = 'RANDOM_SELECTION_SALT' then value_text end) as random_selection_salt,
        {{ rule_number('OUTCOME_LOOKBACK_DAYS', 'integer') }} as outcome_lookback_days,
        {{ rule_number('PROFILE_LOOKBACK_DAYS', 'integer') }} as profile_lookback_days,
        {{ rule_number('GOODS_LOOKBACK_DAYS', 'integer') }} as goods_lookback_days,
        {{ rule_number('SELECTION_MIN_LIFT', 'bigint') }} as selection_minimum_lift,
        {{ rule_number('SPLITTING_UNIT_MOST_SELECTED', 'bigint') }} as unit_most_selected,
        {{ rule_number('OVERRIDE_LOOKBACK_DAYS', 'integer') }} as override_lookback_days,
        {{ rule_number('DRIFT_RECENT_DAYS', 'integer') }} as drift_recent_days,
        {{ rule_number('DRIFT_REFERENCE_DAYS', 'integer') }} as drift_reference_days,
        {{ rule_number('DRIFT_MIN_CONSIGNMENTS', 'bigint') }} as drift_minimum_consignments,
        {{ rule_number('DRIFT_PRIOR', 'decimal(18,6)') }} as drift_prior,
        {{ thousandths(rule_number('DRIFT_MODERATE', 'decimal(18,6)')) }} as drift_moderate_milli,
        {{ thousandths(rule_number('DRIFT_MAJOR', 'decimal(18,6)')) }} as drift_major_milli,
        {{ rule_number('EXPLORATION_SHARE_MIN', 'bigint') }} as exploration_share_min,
        {{ rule_number('EXPLORATION_SHARE_MAX', 'bigint') }} as exploration_share_max
    from rules
    group by day

)

select
    day,
    home_country_code,
    contact_state_consignees,
    {{ add_days('day', '-contact_lookback_days') }} as contact_history_from,
    {{ add_days('day', '-price_lookback_days') }} as price_history_from,
    price_log_bucket,
    platform_state_parcels,
    {{ add_days('day', '-platform_lookback_days') }} as platform_history_from,
    platform_least_parcels,
    platform_least_percent,
    platform_stated_percent,
    selection_minimum_score,
    random_selection_salt,
    {{ add_days('day', '-outcome_lookback_days') }} as outcome_history_from,
    {{ add_days('day', '-profile_lookback_days') }} as profile_history_from,
    {{ add_days('day', '-goods_lookback_days') }} as goods_history_from,
    selection_minimum_lift,
    unit_most_selected,
    {{ add_days('day', '-override_lookback_days') }} as override_history_from,
    {{ add_days('day', '-drift_recent_days') }} as drift_recent_from,
    {{ add_days('day', '-(drift_recent_days + drift_reference_days)') }} as drift_reference_from,
    drift_minimum_consignments,
    drift_prior,
    drift_moderate_milli,
    drift_major_milli,
    exploration_share_min,
    exploration_share_max
from by_day
