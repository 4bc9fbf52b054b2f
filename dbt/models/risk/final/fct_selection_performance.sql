-- One table for the question "what do checks bring, by ...": every dimension below another, so that an
-- officer filters and never joins. Rates divide by inspected consignments only; what waits is counted
-- apart. A targeted hit rate says nothing of prevalence: that is fct_prevalence_monthly.
{% set dimensions = {
    'all': "'all'",
    'office': "customs_office_code",
    'lane': "lane",
    'method': "selection_method",
    'risk_type': "coalesce(risk_type, 'none')",
    'model_version': "coalesce(model_version, 'none')",
} %}
with counted as (

    select
        cast(date_trunc('month', day) as date) as month,
        customs_office_code,
        lane,
        selection_method,
        risk_type,
        model_version,
        count(*) as selected_count,
        count(has_finding) as inspected_count,
        sum(has_finding) as finding_count,
        coalesce(sum(has_matching_finding), 0) as matching_finding_count,
        sum(found_value_vnd) as found_value_vnd
    from {{ ref('int_risk__selection_results') }}
    group by
        cast(date_trunc('month', day) as date),
        customs_office_code,
        lane,
        selection_method,
        risk_type,
        model_version

),

-- A selection counts under each of its reasons.
by_reason as (

    select
        cast(date_trunc('month', results.day) as date) as month,
        'reason' as dimension,
        reasons.reason_id as member,
        count(*) as selected_count,
        count(results.has_finding) as inspected_count,
        sum(results.has_finding) as finding_count,
        coalesce(sum(results.has_matching_finding), 0) as matching_finding_count,
        sum(results.found_value_vnd) as found_value_vnd
    from {{ ref('int_risk__selection_results') }} as results
    inner join {{ ref('int_risk__selected_reasons') }} as reasons
        on results.day = reasons.day
        and results.consignment_id = reasons.consignment_id
    group by
        cast(date_trunc('month', results.day) as date),
        reasons.reason_id

),

-- How inspectors say that they chose, selected here or not: what nobody told this warehouse to check
-- is seen only there.
reported as (

    select
        consignment_id,
        consignment_day,
        reported_method,
        max(case when result = 'finding' then 1 else 0 end) as has_finding,
        max(case when result = 'finding' then found_value_vnd end) as found_value_vnd
    from {{ ref('int_risk__inspected_consignments') }}
    group by
        consignment_id,
        consignment_day,
        reported_method

),

members as (

    {% for dimension, member in dimensions.items() %}
    select
        month,
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        selected_count,
        inspected_count,
        finding_count,
        matching_finding_count,
        found_value_vnd
    from counted
    union all
    {% endfor %}
    select
        month,
        dimension,
        member,
        selected_count,
        inspected_count,
        finding_count,
        matching_finding_count,
        found_value_vnd
    from by_reason
    union all
    select
        cast(date_trunc('month', consignment_day) as date) as month,
        'reported_method' as dimension,
        reported_method as member,
        cast(null as bigint) as selected_count,
        1 as inspected_count,
        has_finding as finding_count,
        cast(null as bigint) as matching_finding_count,
        found_value_vnd
    from reported

),

summed as (

    select
        month,
        dimension,
        member,
        cast(sum(selected_count) as bigint) as selected_count,
        cast(sum(inspected_count) as bigint) as inspected_count,
        coalesce(cast(sum(finding_count) as bigint), 0) as finding_count,
        cast(sum(matching_finding_count) as bigint) as matching_finding_count,
        coalesce(cast(sum(found_value_vnd) as decimal(38, 2)), 0) as found_value_vnd
    from members
    group by
        month,
        dimension,
        member

)

select
    month,
    dimension,
    member,
    selected_count,
    inspected_count,
    selected_count - inspected_count as pending_count,
    finding_count,
    matching_finding_count,
    {{ share_in_percent('finding_count', 'inspected_count') }} as hit_rate_percent,
    {{ wilson_percent('finding_count', 'inspected_count', 'low') }} as hit_rate_low_percent,
    {{ wilson_percent('finding_count', 'inspected_count', 'high') }} as hit_rate_high_percent,
    cast(found_value_vnd as decimal(38, 2)) as found_value_vnd,
    try_cast(
        floor(cast(found_value_vnd as double) / cast(nullif(inspected_count, 0) as double)) as bigint
    ) as found_value_per_inspection_vnd
from summed
