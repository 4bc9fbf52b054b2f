-- Weights and their legal basis on each day of the window. The days come from the rules, so that a
-- weight and a threshold can never be read on different days.
with days as (

    select day
    from {{ ref('int_risk__parameters') }}

)

select
    days.day,
    weights.indicator_id,
    weights.risk_type,
    weights.points,
    weights.weight_version,
    indicators.legal_instrument_id,
    instruments.number || ', ' || indicators.clause as legal_basis
from days
inner join {{ ref('risk_indicator_weights') }} as weights
    on days.day >= weights.valid_from
    and (weights.valid_to is null or days.day <= weights.valid_to)
inner join {{ ref('risk_indicators') }} as indicators
    on weights.indicator_id = indicators.indicator_id
    and days.day >= indicators.valid_from
    and (indicators.valid_to is null or days.day <= indicators.valid_to)
inner join {{ ref('legal_instruments') }} as instruments
    on indicators.legal_instrument_id = instruments.legal_instrument_id
