{{ config(
    materialized='day_window',
    pre_hook="{{ drop_days_before(queue_period(), 'first_day') }}",
) }}
-- What an officer opens: the selected consignments with every reason in words that can be signed.
{% set risk_types = [
    'undervaluation', 'misclassification', 'origin', 'ip_counterfeit', 'prohibited_conditional',
    'splitting', 'unregistered_platform', 'product_safety', 'data_quality',
] %}
with period as (

    {{ queue_period() }}

),

selected as (

    select
        selections.consignment_id,
        selections.day,
        selections.customs_office_code,
        selections.lane,
        selections.selection_method,
        selections.selection_probability,
        selections.risk_type,
        selections.rank_in_office_day
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('int_calendar__days') }} as days
        on selections.day = days.day
    inner join period
        on selections.day >= coalesce(period.first_day, selections.day)

),

scores as (

    select
        scores.consignment_id,
        scores.day,
        {% for risk_type in risk_types %}
        cast(sum(
            case when scores.risk_type = '{{ risk_type }}' then scores.score_points else 0 end
        ) as bigint) as {{ risk_type }}_points{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_risk_scores') }} as scores
    inner join selected
        on scores.day = selected.day
        and scores.consignment_id = selected.consignment_id
    group by
        scores.consignment_id,
        scores.day

),

reasons as (

    select
        indicators.consignment_id,
        indicators.day,
        {{ join_sorted(
            "indicators.risk_type || ' +' || cast(indicators.points as string) || ' '"
            ~ " || indicators.indicator_id || ' (' || indicators.evidence || ') ['"
            ~ " || indicators.legal_basis || ']'", " | "
        ) }} as reasons
    from {{ ref('fct_risk_indicators') }} as indicators
    inner join selected
        on indicators.day = selected.day
        and indicators.consignment_id = selected.consignment_id
    group by
        indicators.consignment_id,
        indicators.day

)

select
    selected.consignment_id,
    selected.day,
    selected.customs_office_code,
    selected.lane,
    selected.selection_method,
    selected.selection_probability,
    selected.risk_type,
    selected.rank_in_office_day,
    {% for risk_type in risk_types %}
    coalesce(scores.{{ risk_type }}_points, 0) as {{ risk_type }}_points,
    {% endfor %}
    reasons.reasons,
    consignments.house_waybill_number,
    consignments.master_waybill_number,
    consignments.declaration_number,
    consignments.line_number,
    consignments.operator_code,
    consignments.platform_code,
    consignments.item_description,
    consignments.hs_code,
    consignments.origin_country_code,
    consignments.gross_weight_kg,
    consignments.value_vnd
from selected
inner join {{ ref('fct_consignments') }} as consignments
    on selected.day = consignments.day
    and selected.consignment_id = consignments.consignment_id
left join scores
    on selected.day = scores.day
    and selected.consignment_id = scores.consignment_id
left join reasons
    on selected.day = reasons.day
    and selected.consignment_id = reasons.consignment_id
