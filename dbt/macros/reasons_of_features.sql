{#- Select of the reasons that features give (fct_risk_terms): one row a consignment, risk type and
    reason whose features add points together, with the sentence of the strongest. -#}
{% macro reasons_of_features() -%}
select
    summed.consignment_id,
    summed.day,
    summed.risk_type,
    summed.reason_id,
    summed.points,
    {{ thousandths('cast(strongest.finding_count as double)') }} as number_milli,
    {{ thousandths('cast(strongest.inspected_count as double)') }} as peer_number_milli,
    {%- for language in ['vi', 'en'] %}
    replace(replace(replace(
        case
            when strongest.inspected_count > 0 then reasons.text_{{ language }}
            else coalesce(reasons.uninspected_{{ language }}, reasons.text_{{ language }})
        end,
        '{found}', coalesce(cast(strongest.finding_count as string), '–')),
        '{inspected}', coalesce(cast(strongest.inspected_count as string), '–')),
        '{value}', coalesce(cast(strongest.value_milli as string), '–')) as sentence_{{ language }},
    {%- endfor %}
    instruments.number || ', ' || reasons.clause as legal_basis
from (
    select
        consignment_id,
        day,
        risk_type,
        reason_id,
        cast(sum(points) as bigint) as points
    from {{ ref('fct_risk_terms') }}
    where points > 0
    group by
        consignment_id,
        day,
        risk_type,
        reason_id
) as summed
inner join (
    select
        terms.*,
        row_number() over (
            partition by day, consignment_id, risk_type, reason_id
            order by
                points desc nulls last,
                feature nulls last
        ) as term_rank
    from {{ ref('fct_risk_terms') }} as terms
    where points > 0
) as strongest
    on summed.day = strongest.day
    and summed.consignment_id = strongest.consignment_id
    and summed.risk_type = strongest.risk_type
    and summed.reason_id = strongest.reason_id
    and strongest.term_rank = 1
inner join {{ ref('risk_reasons') }} as reasons
    on summed.reason_id = reasons.reason_id
left join {{ ref('legal_instruments') }} as instruments
    on reasons.legal_instrument_id = instruments.legal_instrument_id
{%- endmacro %}
