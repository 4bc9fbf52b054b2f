-- Circular 81/2019: compliance levels 2 to 5 and risk ranks 2 to 9, as they stood when a day began.
-- Level and rank 1 need the list of priority enterprises, which no source delivers. The circular's
-- numbers were not read: each is a dated parameter. A finding stands for a sanction, which no source
-- delivers either. Days: those that the queue holds.
with parameters as (

    select * from {{ ref('int_risk__declarant_rules') }}

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
        counted.*,
        noncompliant.noncompliant_day,
        parameters.very_high_rank_critical,
        case
            when noncompliant.noncompliant_day is not null then 'noncompliant'
            when counted.finding_count >= parameters.medium_findings then 'medium'
            when
                counted.declaration_count >= parameters.very_high_declarations
                and counted.inspection_count >= parameters.very_high_checks
                then 'very_high'
            when counted.declaration_count >= parameters.high_declarations then 'high'
            else 'medium'
        end as level_state
    from counted
    inner join parameters
        on counted.day = parameters.day
    left join noncompliant
        on counted.day = noncompliant.day
        and counted.declarant_id_token = noncompliant.declarant_id_token

),

ranked as (

    select
        levelled.*,
        case
            when declaration_count = 0 and critical_ever > 0 then 'inactive_critical'
            when declaration_count = 0 and findings_ever > 0 then 'inactive_found'
            when declaration_count = 0 then 'inactive'
            when level_state = 'noncompliant' and critical_count >= very_high_rank_critical then 'critical'
            else level_state
        end as rank_state
    from levelled

)

select
    ranked.day,
    ranked.declarant_id_token,
    levels.number as compliance_level,
    ranks.number as risk_rank,
    ranked.declaration_count,
    ranked.inspection_count,
    ranked.finding_count,
    ranked.critical_count,
    ranked.noncompliant_day
from ranked
inner join {{ ref('declarant_scales') }} as levels
    on ranked.level_state = levels.state
    and levels.scale = 'compliance_level'
    and ranked.day >= levels.valid_from
    and (levels.valid_to is null or ranked.day <= levels.valid_to)
inner join {{ ref('declarant_scales') }} as ranks
    on ranked.rank_state = ranks.state
    and ranks.scale = 'risk_rank'
    and ranked.day >= ranks.valid_from
    and (ranks.valid_to is null or ranked.day <= ranks.valid_to)
