{{ config(materialized='day_window') }}

with fired as (

    {{ fired_indicators() }}

)

-- An indicator without a weight on the day scores nothing: that is how a rule is switched off.
select
    fired.consignment_id,
    fired.day,
    fired.indicator_id,
    weights.risk_type,
    coalesce(graded.points, weights.points) as points,
    fired.evidence,
    coalesce(fired.legal_instrument_id, weights.legal_instrument_id) as legal_instrument_id,
    coalesce(instruments.number, weights.legal_basis) as legal_basis,
    weights.weight_version,
    fired.strength_milli
from fired
inner join {{ ref('int_risk__weights_in_force') }} as weights
    on fired.day = weights.day
    and fired.indicator_id = weights.indicator_id
    and coalesce(fired.risk_type, weights.risk_type) = weights.risk_type
left join {{ ref('int_risk__graded_weights') }} as graded
    on weights.day = graded.day
    and weights.indicator_id = graded.indicator_id
    and weights.risk_type = graded.risk_type
    -- the lowest and the highest grade have one bound
    and coalesce(fired.strength_milli > graded.low_milli, true)
    and coalesce(fired.strength_milli <= graded.high_milli, true)
left join {{ ref('legal_instruments') }} as instruments
    on fired.legal_instrument_id = instruments.legal_instrument_id
