{{ config(materialized='day_window') }}
-- How far the flow has moved, as known on the morning of the day: it sets the share of that day's
-- capacity that is drawn at random. A day without goods has nothing to draw, and no drift.
with days as (

    select distinct day from {{ ref('int_risk__feature_bins') }}

),

parameters as (

    select
        rules.day,
        rules.drift_recent_from,
        rules.drift_reference_from,
        rules.drift_minimum_consignments,
        rules.drift_prior,
        rules.drift_moderate_milli,
        rules.drift_major_milli
    from {{ ref('int_risk__parameters') }} as rules
    inner join days
        on rules.day = days.day

),

drift as (

    {{ feature_drift('parameters') }}

)

select
    drift.day,
    drift.feature,
    parameters.drift_recent_from as recent_from,
    parameters.drift_reference_from as reference_from,
    drift.psi_milli,
    case
        when drift.psi_milli is null then 'too_few'
        when drift.psi_milli >= parameters.drift_major_milli then 'major'
        when drift.psi_milli > parameters.drift_moderate_milli then 'moderate'
        else 'stable'
    end as drift_level
from drift
inner join parameters
    on drift.day = parameters.day
