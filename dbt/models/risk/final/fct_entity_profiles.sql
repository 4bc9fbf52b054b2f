{{ config(materialized='day_window') }}
-- Finding rates of whom and what the day's consignments go through, from results known before the day:
-- shrunken, with the posterior of the cohort as prior. An entity without a row has the rate of its
-- cohort, which has one: nobody starts from zero. Of a type whose model in force may read profiles
-- there is a row for everybody who was inspected, else only where one was found.
{%- set entities = entity_profiles() %}
with shrinkage as (

    {{ parameters_by_day({
        'of_cohorts': ['PROFILE_SHRINKAGE', 'double'],
        'of_members': ['PROFILE_SHRINKAGE_FINEST', 'double']
    }) }}

),

states as (

    select
        day,
        profile_id,
        cell_key,
        outcome,
        case_count
    from {{ ref('int_risk__profile_states') }}
    where
        {{ is_entity_profile('profile_id') }}
        and day in (select parameters.day from {{ ref('int_risk__parameters') }} as parameters)

),

inspected as (

    select
        day,
        profile_id,
        cell_key,
        case_count
    from states
    where outcome = 'inspected'

),

rates_all as (

    select
        inspected.day,
        inspected.cell_key,
        types.outcome,
        modelled.risk_type is not null as is_modelled,
        -- never nothing and never everything: one finding and one other case are assumed
        cast(coalesce(found.case_count, 0) + 1 as double) / cast(inspected.case_count + 2 as double)
            as rate,
        shrinkage.of_cohorts,
        shrinkage.of_members
    from inspected
    inner join shrinkage
        on inspected.day = shrinkage.day
    inner join (
        select day, outcome
        from states
        where profile_id = 'all' and outcome not in ('inspected', 'finding')
        union all
        select day, 'finding' as outcome
        from states
        where profile_id = 'all' and outcome = 'inspected'
    ) as types
        on inspected.day = types.day
    left join states as found
        on types.day = found.day
        and types.outcome = found.outcome
        and found.profile_id = 'all'
    left join {{ ref('int_risk__modelled_types') }} as modelled
        on types.day = modelled.day
        and types.outcome = modelled.risk_type
    where inspected.profile_id = 'all'

),

{% for kind, (cohort, is_cohort, _) in entities.items() %}
{%- set own = 'of_cohorts' if is_cohort else 'of_members' %}
rates_{{ kind }} as (

    select
        cells.day,
        cells.cell_key,
        cells.cohort_key,
        cohorts.outcome,
        cohorts.is_modelled,
        coalesce(inspected.case_count, 0) as inspected_count,
        coalesce(found.case_count, 0) as finding_count,
        cohorts.rate as cohort_rate,
        (cast(coalesce(found.case_count, 0) as double) + cohorts.{{ own }} * cohorts.rate)
        / (cast(coalesce(inspected.case_count, 0) as double) + cohorts.{{ own }}) as rate,
        cohorts.of_cohorts,
        cohorts.of_members
    from {{ ref('int_risk__entity_cells') }} as cells
    inner join rates_{{ cohort }} as cohorts
        on cells.day = cohorts.day
        and cells.cohort_key = cohorts.cell_key
    left join inspected
        on cells.day = inspected.day
        and cells.profile_id = inspected.profile_id
        and cells.cell_key = inspected.cell_key
    left join states as found
        on cells.day = found.day
        and cells.profile_id = found.profile_id
        and cells.cell_key = found.cell_key
        and cohorts.outcome = found.outcome
    where
        cells.profile_id = '{{ kind }}'
        {%- if not is_cohort %}
        and (cohorts.outcome = 'finding' or cohorts.is_modelled or found.case_count > 0)
        {%- endif %}

),

{% endfor %}
told as (

    {% for kind, (cohort, _, _) in entities.items() %}
    select
        day,
        '{{ kind }}' as entity_kind,
        cell_key as entity_key,
        outcome,
        is_modelled,
        '{{ cohort }}' as cohort_kind,
        cohort_key,
        inspected_count,
        finding_count,
        rate,
        cohort_rate
    from rates_{{ kind }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    day,
    entity_kind,
    entity_key,
    cohort_kind,
    cohort_key,
    case outcome when 'finding' then 'any' else outcome end as risk_type,
    inspected_count,
    finding_count,
    {{ fixed_point('rate') }} as rate_micro,
    {{ fixed_point('cohort_rate') }} as cohort_rate_micro
from told
where
    outcome = 'finding'
    or is_modelled
    or finding_count > 0
