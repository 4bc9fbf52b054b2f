-- Circular 81/2019: compliance levels 2 to 5 and risk ranks 2 to 9, as they stood when a day began.
-- Level and rank 1 need the list of priority enterprises, which no source delivers. The circular's
-- numbers were not read: each is a dated parameter. A finding stands for a sanction, which no source
-- delivers either. Days: those that the queue holds.
with kept as (

    {{ queue_period() }}

),

days as (

    select distinct held.day
    from {{ ref('int_risk__declarant_days') }} as held
    cross join kept
    where kept.first_day is null or held.day >= kept.first_day

),

{% set thresholds = {
    'noncompliant_findings': 'COMPLIANCE_LEVEL5_FINDINGS',
    'noncompliant_critical': 'COMPLIANCE_LEVEL5_CRITICAL',
    'medium_findings': 'COMPLIANCE_LEVEL4_FINDINGS',
    'high_declarations': 'COMPLIANCE_LEVEL3_DECLARATIONS',
    'very_high_declarations': 'COMPLIANCE_LEVEL2_DECLARATIONS',
    'very_high_checks': 'COMPLIANCE_LEVEL2_CHECKS',
    'very_high_rank_critical': 'RISK_RANK6_CRITICAL',
} %}
parameters as (

    select
        by_day.*,
        {{ add_days('by_day.day', '-by_day.window_days') }} as window_from
    from (
        select
            day,
            {% for name, parameter in thresholds.items() %}
            {{ rule_number(parameter, 'bigint') }} as {{ name }},
            {% endfor %}
            {{ rule_number('COMPLIANCE_WINDOW', 'integer') }} as window_days
        from ({{ rules_in_force('days') }}) as rules
        group by day
    ) as by_day

),

-- Days on which a finding made its declarant non-compliant: with those of the window up to it. Who is
-- stays so until that day has left the window.
noncompliant_days as (

    select
        parameters.day,
        latest.declarant_id_token,
        latest.day as noncompliant_day
    from parameters
    inner join {{ ref('int_risk__declarant_days') }} as latest
        on parameters.day > latest.day
        and parameters.window_from <= latest.day
        and latest.finding_count > 0
    inner join {{ ref('int_risk__declarant_days') }} as earlier
        on latest.declarant_id_token = earlier.declarant_id_token
        and latest.day >= earlier.day
        and earlier.day > {{ add_days('latest.day', '-parameters.window_days') }}
        and earlier.finding_count > 0
    group by
        parameters.day,
        latest.declarant_id_token,
        latest.day,
        parameters.noncompliant_findings,
        parameters.noncompliant_critical
    having
        sum(earlier.finding_count) >= parameters.noncompliant_findings
        or sum(earlier.critical_count) >= parameters.noncompliant_critical

),

noncompliant as (

    select
        day,
        declarant_id_token,
        max(noncompliant_day) as noncompliant_day
    from noncompliant_days
    group by
        day,
        declarant_id_token

),

{% set counts = ['declaration', 'inspection', 'finding', 'critical'] %}
counted as (

    select
        parameters.day,
        known.declarant_id_token,
        {% for count in counts %}
        cast(sum(
            case
                when known.day < parameters.day and known.day >= parameters.window_from
                    then known.{{ count }}_count
                else 0
            end
        ) as bigint) as {{ count }}_count,
        {% endfor %}
        sum(case when known.day < parameters.day then known.finding_count else 0 end) as findings_ever,
        sum(case when known.day < parameters.day then known.critical_count else 0 end) as critical_ever
    from parameters
    inner join {{ ref('int_risk__declarant_days') }} as known
        on parameters.day >= known.day
    group by
        parameters.day,
        known.declarant_id_token

),

levelled as (

    select
        counted.day,
        counted.declarant_id_token,
        case
            when noncompliant.noncompliant_day is not null then 5
            when counted.finding_count >= parameters.medium_findings then 4
            when
                counted.declaration_count >= parameters.very_high_declarations
                and counted.inspection_count >= parameters.very_high_checks
                then 2
            when counted.declaration_count >= parameters.high_declarations then 3
            else 4
        end as compliance_level,
        noncompliant.noncompliant_day,
        parameters.very_high_rank_critical,
        {% for count in counts %}
        counted.{{ count }}_count,
        {% endfor %}
        counted.findings_ever,
        counted.critical_ever
    from counted
    inner join parameters
        on counted.day = parameters.day
    left join noncompliant
        on counted.day = noncompliant.day
        and counted.declarant_id_token = noncompliant.declarant_id_token

)

select
    day,
    declarant_id_token,
    cast(compliance_level as bigint) as compliance_level,
    cast(
        case
            when declaration_count = 0 and critical_ever > 0 then 9
            when declaration_count = 0 and findings_ever > 0 then 8
            when declaration_count = 0 then 7
            when compliance_level = 5 and critical_count >= very_high_rank_critical then 6
            else compliance_level
        end as bigint
    ) as risk_rank,
    declaration_count,
    inspection_count,
    finding_count,
    critical_count,
    noncompliant_day
from levelled
