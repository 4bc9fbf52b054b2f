-- Rules and bins that stopped hitting: enough was inspected and nothing was found, or even the upper end
-- of the interval lies below what chance finds. Nothing is switched off by this list: its owner decides.
with prevalence as (

    select
        {{ share_in_millionths(
            'sum(cast(case when draws.has_finding = 1 then draws.weight_milli else 0 end as decimal(28, 0)))',
            'sum(cast(draws.weight_milli as decimal(28, 0)))'
        ) }} as prevalence_micro
    from {{ ref('int_risk__random_draws') }} as draws
    inner join (
        select distinct from_day, to_day from {{ ref('int_risk__rule_results') }}
    ) as period
        on draws.known_day >= period.from_day
        and draws.known_day <= period.to_day

),

counted as (

    select
        from_day,
        to_day,
        least_inspected,
        rule_kind,
        rule_id,
        risk_type,
        count(*) as inspected_count,
        cast(sum(has_finding) as bigint) as finding_count
    from {{ ref('int_risk__rule_results') }}
    group by
        from_day,
        to_day,
        least_inspected,
        rule_kind,
        rule_id,
        risk_type

),

judged as (

    select
        counted.*,
        prevalence.prevalence_micro,
        case
            when counted.finding_count = 0 and counted.inspected_count >= counted.least_inspected
                then 'no_hit'
            when {{ wilson_micro('counted.finding_count', 'counted.inspected_count', 'high') }}
                < prevalence.prevalence_micro then 'below_prevalence'
        end as review_reason
    from counted
    cross join prevalence

),

-- Who answers for a bin is who answers for its sentence; the seed of indicators names nobody.
bins as (

    select
        bins.model_version || '/' || bins.feature || '/' || cast(bins.bin_no as string) as rule_id,
        bins.risk_type,
        bins.feature,
        bins.low_milli,
        bins.high_milli,
        bins.points,
        bins.reason_id,
        reasons.owner,
        reasons.review_date
    from {{ ref('int_risk__model_bins') }} as bins
    left join {{ ref('risk_reasons') }} as reasons
        on bins.reason_id = reasons.reason_id

)

select
    judged.rule_kind,
    judged.rule_id,
    judged.risk_type,
    judged.review_reason,
    judged.from_day,
    judged.to_day,
    judged.inspected_count,
    judged.finding_count,
    {{ share_in_percent('judged.finding_count', 'judged.inspected_count') }} as hit_rate_percent,
    {{ wilson_percent('judged.finding_count', 'judged.inspected_count', 'high') }}
        as hit_rate_high_percent,
    {{ percent_from_micro('judged.prevalence_micro') }} as prevalence_percent,
    bins.feature,
    bins.low_milli,
    bins.high_milli,
    bins.points,
    bins.reason_id,
    bins.owner,
    bins.review_date
from judged
left join bins
    on judged.rule_kind = 'bin'
    and judged.rule_id = bins.rule_id
    and judged.risk_type = bins.risk_type
where judged.review_reason is not null
