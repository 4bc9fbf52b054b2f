{{ config(materialized='day_window') }}
-- The cell of like consignments of everything that was selected, so that its results can be set beside
-- those of other offices.
with selected as (

    select
        selections.day,
        selections.consignment_id,
        parameters.selection_minimum_score,
        parameters.selection_minimum_lift
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('int_risk__parameters') }} as parameters
        on selections.day = parameters.day

),

eligible as (

    select distinct
        selected.day,
        selected.consignment_id
    from selected
    inner join {{ ref('fct_risk_scores') }} as scores
        on selected.day = scores.day
        and selected.consignment_id = scores.consignment_id
        and {{ score_eligible('scores', 'selected') }}

)

select
    selected.day,
    selected.consignment_id,
    consignments.customs_office_code,
    consignments.hs_chapter,
    consignments.origin_country_code,
    case when eligible.consignment_id is null then 'below' else 'eligible' end as score_band
from selected
inner join {{ ref('fct_consignments') }} as consignments
    on selected.day = consignments.day
    and selected.consignment_id = consignments.consignment_id
left join eligible
    on selected.day = eligible.day
    and selected.consignment_id = eligible.consignment_id
