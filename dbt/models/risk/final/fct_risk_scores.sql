{{ config(materialized='day_window') }}
-- Always the sum of stored rows: an officer can add the reasons up again.
select
    indicators.consignment_id,
    indicators.day,
    indicators.risk_type,
    cast(sum(indicators.points) as bigint) as score_points,
    count(*) as indicator_count,
    max(indicators.weight_version) as weight_version
from {{ ref('fct_risk_indicators') }} as indicators
inner join {{ ref('int_risk__parameters') }} as parameters
    on indicators.day = parameters.day
group by
    indicators.consignment_id,
    indicators.day,
    indicators.risk_type
