-- Uninspected is unlabelled, never "no finding": rates divide by inspected consignments only, and
-- the random stratum stands apart because targeted inspections say nothing about prevalence.
with fired as (

    select
        cast(date_trunc('month', day) as date) as month,
        indicator_id,
        risk_type,
        min(day) as from_day,
        max(day) as to_day,
        cast(sum(fired_count) as bigint) as fired_count
    from {{ ref('int_risk__indicator_days') }}
    group by
        cast(date_trunc('month', day) as date),
        indicator_id,
        risk_type

),

consignments as (

    select
        consignment_id,
        cast(date_trunc('month', consignment_day) as date) as month,
        indicator_id,
        risk_type,
        stratum,
        max(has_finding) as has_finding,
        max(has_matching_finding) as has_matching_finding
    from {{ ref('int_risk__inspected_indicators') }}
    group by
        consignment_id,
        cast(date_trunc('month', consignment_day) as date),
        indicator_id,
        risk_type,
        stratum

),

inspected as (

    select
        month,
        indicator_id,
        risk_type,
        count(distinct consignment_id) as inspected_count,
        {% for stratum in ['targeted', 'random'] %}
        cast(sum(case when stratum = '{{ stratum }}' then 1 else 0 end) as bigint)
            as {{ stratum }}_inspected_count,
        cast(sum(case when stratum = '{{ stratum }}' then has_finding else 0 end) as bigint)
            as {{ stratum }}_finding_count,
        cast(sum(case when stratum = '{{ stratum }}' then has_matching_finding else 0 end) as bigint)
            as {{ stratum }}_matching_finding_count{{ ',' if not loop.last }}
        {% endfor %}
    from consignments
    group by
        month,
        indicator_id,
        risk_type

)

select
    fired.month,
    fired.indicator_id,
    fired.risk_type,
    fired.from_day,
    fired.to_day,
    fired.fired_count,
    coalesce(inspected.inspected_count, 0) as inspected_count,
    fired.fired_count - coalesce(inspected.inspected_count, 0) as uninspected_count,
    {% for stratum in ['targeted', 'random'] %}
    coalesce(inspected.{{ stratum }}_inspected_count, 0) as {{ stratum }}_inspected_count,
    coalesce(inspected.{{ stratum }}_finding_count, 0) as {{ stratum }}_finding_count,
    coalesce(inspected.{{ stratum }}_matching_finding_count, 0)
        as {{ stratum }}_matching_finding_count,
    {{ share_in_millionths(
        'inspected.' ~ stratum ~ '_finding_count', 'inspected.' ~ stratum ~ '_inspected_count'
    ) }} as {{ stratum }}_hit_rate_micro,
    {% endfor %}
    {% for stratum in ['targeted', 'random'] %}
    {%- set found = 'inspected.' ~ stratum ~ '_finding_count' %}
    {%- set count = 'inspected.' ~ stratum ~ '_inspected_count' %}
    {{ share_in_percent(found, count) }} as {{ stratum }}_hit_rate_percent,
    {{ wilson_percent(found, count, 'low') }} as {{ stratum }}_hit_rate_low_percent,
    {{ wilson_percent(found, count, 'high') }}
        as {{ stratum }}_hit_rate_high_percent{{ ',' if not loop.last }}
    {% endfor %}
from fired
left join inspected
    on fired.month = inspected.month
    and fired.indicator_id = inspected.indicator_id
    and fired.risk_type = inspected.risk_type
