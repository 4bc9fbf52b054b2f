-- Results of the look-back of the review, by the rule that had spoken: an indicator that fired, or a bin
-- of a model in force that added points to what was selected. Whatever the stratum: a rule that finds
-- something anywhere is alive.
with newest as (

    select max(day) as day from {{ ref('int_risk__indicator_days') }}

),

limits as (

    select
        day as to_day,
        {{ rule_number('REVIEW_WINDOW_DAYS', 'integer') }} as window_days,
        {{ rule_number('REVIEW_MIN_INSPECTED', 'bigint') }} as least_inspected
    from ({{ rules_in_force('newest') }}) as rules
    group by day

),

period as (

    select
        {{ add_days('to_day', '1 - window_days') }} as from_day,
        to_day,
        least_inspected
    from limits

),

indicators as (

    select
        period.from_day,
        period.to_day,
        period.least_inspected,
        'indicator' as rule_kind,
        inspected.indicator_id as rule_id,
        inspected.risk_type,
        inspected.consignment_day,
        inspected.consignment_id,
        max(inspected.has_finding) as has_finding
    from {{ ref('int_risk__inspected_indicators') }} as inspected
    inner join period
        on inspected.day >= period.from_day
        and inspected.day <= period.to_day
    group by
        period.from_day,
        period.to_day,
        period.least_inspected,
        inspected.indicator_id,
        inspected.risk_type,
        inspected.consignment_day,
        inspected.consignment_id

),

inspected as (

    select
        period.from_day,
        period.to_day,
        period.least_inspected,
        inspected.consignment_day,
        inspected.consignment_id,
        max(case when inspected.result = 'finding' then 1 else 0 end) as has_finding
    from {{ ref('int_risk__inspected_consignments') }} as inspected
    inner join period
        on inspected.day >= period.from_day
        and inspected.day <= period.to_day
    group by
        period.from_day,
        period.to_day,
        period.least_inspected,
        inspected.consignment_day,
        inspected.consignment_id

),

bins as (

    select
        inspected.from_day,
        inspected.to_day,
        inspected.least_inspected,
        'bin' as rule_kind,
        terms.model_version || '/' || terms.feature || '/' || cast(terms.bin_no as string) as rule_id,
        terms.risk_type,
        inspected.consignment_day,
        inspected.consignment_id,
        inspected.has_finding
    from inspected
    inner join {{ ref('fct_risk_terms') }} as terms
        on inspected.consignment_day = terms.day
        and inspected.consignment_id = terms.consignment_id
        and terms.points > 0
    inner join {{ ref('int_risk__model_versions') }} as versions
        on terms.model_version = versions.model_version
        and terms.risk_type = versions.risk_type
        and inspected.to_day >= versions.valid_from
        and (versions.valid_to is null or inspected.to_day <= versions.valid_to)

)

select
    from_day,
    to_day,
    least_inspected,
    rule_kind,
    rule_id,
    risk_type,
    consignment_day,
    consignment_id,
    has_finding
from indicators
union all
select
    from_day,
    to_day,
    least_inspected,
    rule_kind,
    rule_id,
    risk_type,
    consignment_day,
    consignment_id,
    has_finding
from bins
