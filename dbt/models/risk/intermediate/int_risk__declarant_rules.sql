-- Days on which declarants are judged, those that the queue holds, with what the law of each asks.
{% set thresholds = {
    'noncompliant_findings': 'COMPLIANCE_LEVEL5_FINDINGS',
    'noncompliant_critical': 'COMPLIANCE_LEVEL5_CRITICAL',
    'medium_findings': 'COMPLIANCE_LEVEL4_FINDINGS',
    'high_declarations': 'COMPLIANCE_LEVEL3_DECLARATIONS',
    'very_high_declarations': 'COMPLIANCE_LEVEL2_DECLARATIONS',
    'very_high_checks': 'COMPLIANCE_LEVEL2_CHECKS',
    'very_high_rank_critical': 'RISK_RANK6_CRITICAL',
} %}
with kept as (

    {{ queue_period() }}

),

days as (

    select distinct held.day
    from {{ ref('int_risk__declarant_days') }} as held
    cross join kept
    where kept.first_day is null or held.day >= kept.first_day

)

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
