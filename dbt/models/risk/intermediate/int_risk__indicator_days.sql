{{ config(materialized='day_window') }}
-- A small state, so that the performance of a rule over months needs no consignment again.
select
    indicators.day,
    indicators.indicator_id,
    indicators.risk_type,
    count(*) as fired_count
from {{ ref('fct_risk_indicators') }} as indicators
inner join {{ ref('int_risk__parameters') }} as parameters
    on indicators.day = parameters.day
group by
    indicators.day,
    indicators.indicator_id,
    indicators.risk_type
