{{ config(materialized='day_window') }}
-- Mergeable: how many like consignments an office had on a day. Like: same chapter, origin, and whether
-- any risk type's points would let them into a queue.
with eligible as (

    select distinct
        scores.day,
        scores.consignment_id
    from {{ ref('fct_risk_scores') }} as scores
    inner join {{ ref('int_risk__parameters') }} as parameters
        on scores.day = parameters.day
        and {{ score_eligible('scores', 'parameters') }}

)

select
    consignments.day,
    consignments.customs_office_code,
    consignments.hs_chapter,
    consignments.origin_country_code,
    case when eligible.consignment_id is null then 'below' else 'eligible' end as score_band,
    count(*) as consignment_count
from {{ ref('fct_consignments') }} as consignments
inner join {{ ref('int_risk__parameters') }} as parameters
    on consignments.day = parameters.day
    and consignments.importing_country_code = parameters.home_country_code
left join eligible
    on consignments.day = eligible.day
    and consignments.consignment_id = eligible.consignment_id
where consignments.is_active
group by
    consignments.day,
    consignments.customs_office_code,
    consignments.hs_chapter,
    consignments.origin_country_code,
    case when eligible.consignment_id is null then 'below' else 'eligible' end
