{{ config(
    materialized='day_window',
    pre_hook="{{ drop_days_before(queue_period(), 'first_day') }}",
) }}
-- What an officer opens: one list an office and day, in one order, each row with its reasons in words
-- that can be signed. The lane comes first; in it what had to be selected, then the best of each risk
-- type in turn, the likeliest first; what was drawn at random comes last. Consignments that are opened
-- together stand together, where the first of them stands, each with the lane that it was selected for.
-- The first reason of what was drawn, or selected by an officer, is that.
{% set risk_types = [
    'undervaluation', 'misclassification', 'origin', 'ip_counterfeit', 'prohibited_conditional',
    'splitting', 'unregistered_platform', 'product_safety', 'data_quality',
] %}
{% set first_reason = {
    'reason_id': 'reason_id', 'reason_vi': 'sentence_vi', 'reason_en': 'sentence_en',
    'reason_number': 'number', 'reason_peer_number': 'peer_number',
    'reason_legal_basis': 'legal_basis',
} %}
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
        case selections.selection_method
            {% for method in ['mandatory', 'manual', 'score', 'random'] %}
            when '{{ method }}' then {{ loop.index }}
            {% endfor %}
        end as method_order,
        selections.selection_probability,
        selections.risk_type,
        selections.rank_in_office_day,
        selections.selection_unit_id,
        selections.unit_consignments
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

of_its_type as (

    select
        scores.consignment_id,
        scores.day,
        scores.risk_type,
        scores.score_points,
        scores.probability_micro,
        scores.expected_finding_value_vnd
    from {{ ref('fct_risk_scores') }} as scores
    inner join selected
        on scores.day = selected.day
        and scores.consignment_id = selected.consignment_id
        and scores.risk_type = selected.risk_type

),

reasons as (

    select
        reasons.consignment_id,
        reasons.day,
        {% for name, column in first_reason.items() %}
        max(case when reasons.reason_rank = 1 then reasons.{{ column }} end) as {{ name }},
        {% endfor %}
        {% for language in ['vi', 'en'] %}
        {{ join_sorted(
            "cast(reasons.reason_rank as string) || '. ' || reasons.sentence_" ~ language
            ~ " || ' [' || coalesce(reasons.legal_basis, '–') || ']'", ' '
        ) }} as reasons_{{ language }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_risk_reasons') }} as reasons
    inner join selected
        on reasons.day = selected.day
        and reasons.consignment_id = selected.consignment_id
    group by
        reasons.consignment_id,
        reasons.day

),

-- not for their points
of_methods as (

    {{ reasons_of_methods('selected') }}

),

lanes as (

    select
        lane,
        min(lane_order) as lane_order
    from {{ ref('lane_capacities') }}
    group by lane

),

priorities as (

    select
        risk_type,
        min(risk_type_priority) as risk_type_priority
    from {{ ref('lane_capacities') }}
    group by risk_type

),

ranked as (

    {{ queue_ranks('selected', 'of_its_type', 'lanes', 'priorities') }}

)

select
    selected.consignment_id,
    selected.day,
    selected.customs_office_code,
    ranked.queue_rank,
    selected.lane,
    selected.selection_method,
    selected.selection_probability,
    selected.risk_type,
    selected.rank_in_office_day,
    selected.selection_unit_id,
    selected.unit_consignments,
    of_its_type.score_points,
    cast({{ from_fixed_point('of_its_type.probability_micro') }} * 100 as decimal(7, 4))
        as probability_percent,
    of_its_type.expected_finding_value_vnd,
    {{ reason_columns(first_reason, 'reasons', 'of_methods') }},
    {% for risk_type in risk_types %}
    coalesce(scores.{{ risk_type }}_points, 0) as {{ risk_type }}_points,
    {% endfor %}
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
inner join ranked
    on selected.day = ranked.day
    and selected.consignment_id = ranked.consignment_id
left join of_its_type
    on selected.day = of_its_type.day
    and selected.consignment_id = of_its_type.consignment_id
left join scores
    on selected.day = scores.day
    and selected.consignment_id = scores.consignment_id
left join reasons
    on selected.day = reasons.day
    and selected.consignment_id = reasons.consignment_id
left join of_methods
    on selected.day = of_methods.day
    and selected.consignment_id = of_methods.consignment_id
