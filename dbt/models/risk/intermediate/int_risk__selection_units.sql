{{ config(materialized='whole_table') }}
-- Consignments of the run's days that an officer opens together, by risk type: receipts that split one
-- purchase, named by the first of them. Who has no row is a unit of its own.
with members as (

    select
        split.consignment_id,
        split.day,
        scores.risk_type,
        split.owner_party_id,
        scores.score_points
    from {{ ref('int_risk__split_consignments') }} as split
    inner join {{ ref('fct_risk_indicators') }} as indicators
        on split.day = indicators.day
        and split.consignment_id = indicators.consignment_id
    inner join {{ ref('fct_risk_scores') }} as scores
        on indicators.day = scores.day
        and indicators.consignment_id = scores.consignment_id
        and indicators.risk_type = scores.risk_type
    where indicators.indicator_id = 'split_under_relief'

)

select
    consignment_id,
    day,
    risk_type,
    min(consignment_id) over (partition by day, risk_type, owner_party_id) as unit_id,
    max(score_points) over (partition by day, risk_type, owner_party_id) as unit_points,
    count(*) over (partition by day, risk_type, owner_party_id) as unit_consignments,
    row_number() over (
        partition by day, risk_type, owner_party_id
        order by
            score_points desc nulls last,
            md5(consignment_id) asc nulls last,
            consignment_id asc nulls last
    ) as unit_place
from members
