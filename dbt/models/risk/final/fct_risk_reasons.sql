{{ config(materialized='day_window') }}
-- Why a selected consignment stands in the queue, in sentences with their numbers: what adds points,
-- the largest first, those of the risk type that selected it before others. Several features with one
-- reason are one.
{%- set fact_numbers = [1, 2, 3, 4, 5, 6] %}
with selected as (

    select
        selections.consignment_id,
        selections.day,
        max(selections.risk_type) as selected_risk_type,
        max(parameters.most_reasons) as most_reasons
    from {{ ref('fct_selections') }} as selections
    inner join (
        {{ parameters_by_day({'most_reasons': ['QUEUE_REASONS_MOST', 'bigint']}) }}
    ) as parameters
        on selections.day = parameters.day
    group by
        selections.consignment_id,
        selections.day

),

fired as (

    select
        indicators.consignment_id,
        indicators.day,
        indicators.risk_type,
        indicators.indicator_id,
        indicators.points,
        indicators.evidence,
        indicators.legal_basis
    from {{ ref('fct_risk_indicators') }} as indicators
    inner join selected
        on indicators.day = selected.day
        and indicators.consignment_id = selected.consignment_id
    where indicators.points > 0

),

values_of as (

    select
        fired.consignment_id,
        fired.day,
        fired.risk_type,
        fired.indicator_id,
        facts.fact_key,
        facts.fact_no,
        facts.fact_role,
        facts.value_type,
        facts.decimals,
        {{ json_value('fired.evidence', 'facts.fact_key') }} as fact_value,
        cast(facts.scale as double) as scale
    from fired
    inner join {{ ref('risk_evidence') }} as facts
        on fired.indicator_id = facts.indicator_id

),

numbered as (

    {{ facts_in_words('values_of') }}

),

facts as (

    select
        consignment_id,
        day,
        risk_type,
        indicator_id,
        {% for number in fact_numbers %}
        max(case when fact_no = {{ number }} then '{' || fact_key || '}' end) as key_{{ number }},
        {% for language in ['vi', 'en'] %}
        max(case when fact_no = {{ number }} then
            {{ fact_text('value_' ~ language, 'value_type', 'fact_number', 'decimals', language) }}
        end) as text_{{ language }}_{{ number }},
        {% endfor %}
        {% endfor %}
        {{ thousandths("max(case when fact_role = 'number' then fact_number end)") }} as number_milli,
        {{ thousandths("max(case when fact_role = 'peer_number' then fact_number end)") }}
            as peer_number_milli
    from numbered
    group by
        consignment_id,
        day,
        risk_type,
        indicator_id

),

of_indicators as (

    select
        fired.consignment_id,
        fired.day,
        fired.risk_type,
        'indicator_' || fired.indicator_id as reason_id,
        cast(fired.points as bigint) as points,
        facts.number_milli,
        facts.peer_number_milli,
        {% for language in ['vi', 'en'] %}
        {% set filled -%}
        {% for _ in fact_numbers -%}
        replace(
        {% endfor -%}
        sentences.sentence_{{ language }}
        {%- for number in fact_numbers %},
            coalesce(facts.key_{{ number }}, '{}'), coalesce(facts.text_{{ language }}_{{ number }}, '')
        )
        {%- endfor %}
        {%- endset %}
        {{ without_missing_parts(filled) }} as sentence_{{ language }},
        {% endfor %}
        fired.legal_basis
    from fired
    inner join {{ ref('risk_indicator_sentences') }} as sentences
        on fired.indicator_id = sentences.indicator_id
    left join facts
        on fired.day = facts.day
        and fired.consignment_id = facts.consignment_id
        and fired.risk_type = facts.risk_type
        and fired.indicator_id = facts.indicator_id

),

of_features as (

    {{ reasons_of_features() }}

),

every_reason as (

    {% for source in ['of_indicators', 'of_features'] %}
    select
        consignment_id, day, risk_type, reason_id, points, number_milli, peer_number_milli,
        sentence_vi, sentence_en, legal_basis
    from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        every_reason.*,
        selected.most_reasons,
        row_number() over (
            partition by every_reason.day, every_reason.consignment_id
            order by
                case when every_reason.risk_type = selected.selected_risk_type then 0 else 1 end
                    asc nulls last,
                every_reason.points desc nulls last,
                every_reason.risk_type asc nulls last,
                every_reason.reason_id asc nulls last
        ) as reason_rank
    from every_reason
    inner join selected
        on every_reason.day = selected.day
        and every_reason.consignment_id = selected.consignment_id

)

select
    consignment_id,
    day,
    cast(reason_rank as bigint) as reason_rank,
    risk_type,
    reason_id,
    points,
    sentence_vi,
    sentence_en,
    cast({{ from_thousandths('number_milli') }} as decimal(18, 3)) as number,
    cast({{ from_thousandths('peer_number_milli') }} as decimal(18, 3)) as peer_number,
    legal_basis
from ranked
where reason_rank <= most_reasons
