{#- Select of what had fired on inspected consignments. `linked`: a relation with the columns of
    inspected_consignments. -#}
{% macro inspected_indicators(linked) -%}
select
    linked.day,
    linked.consignment_id,
    linked.consignment_day,
    indicators.indicator_id,
    indicators.risk_type,
    linked.stratum,
    max(case when linked.result = 'finding' then 1 else 0 end) as has_finding,
    max(
        case
            when linked.result = 'finding' and linked.finding_type = indicators.risk_type then 1
            else 0
        end
    ) as has_matching_finding
from {{ linked }} as linked
inner join {{ ref('fct_risk_indicators') }} as indicators
    on linked.consignment_day = indicators.day
    and linked.consignment_id = indicators.consignment_id
group by
    linked.day,
    linked.consignment_id,
    linked.consignment_day,
    indicators.indicator_id,
    indicators.risk_type,
    linked.stratum
{%- endmacro %}
