{{ config(materialized='day_window') }}
-- What earlier inspections found of whom and what a selected consignment goes through, in a sentence
-- for each. Who was never inspected has the rate of the cohort. It gives no points.
with selected as (

    select distinct
        selections.consignment_id,
        selections.day
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('int_risk__parameters') }} as parameters
        on selections.day = parameters.day

),

behind as (

    select entities.*
    from {{ ref('int_risk__entities') }} as entities
    inner join selected
        on entities.day = selected.day
        and entities.consignment_id = selected.consignment_id

),

asked as (

    {% for kind, (cohort, _, _) in entity_profiles().items() %}
    select
        consignment_id,
        day,
        '{{ kind }}' as entity_kind,
        {{ kind }}_key as entity_key,
        '{{ cohort }}' as cohort_kind,
        {{ "''" if cohort == 'all' else cohort ~ '_key' }} as cohort_key
    from behind
    where {{ kind }}_key is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

profiles as (

    select
        rates.day,
        rates.entity_kind,
        rates.entity_key,
        rates.cohort_key,
        rates.inspected_count,
        rates.finding_count,
        rates.rate_micro,
        rates.cohort_rate_micro
    from {{ ref('fct_entity_profiles') }} as rates
    inner join {{ ref('int_calendar__days') }} as days
        on rates.day = days.day
    where rates.risk_type = 'any'

),

rated as (

    select
        asked.consignment_id,
        asked.day,
        asked.entity_kind,
        asked.entity_key,
        asked.cohort_kind,
        asked.cohort_key,
        coalesce(own.inspected_count, 0) as inspected_count,
        coalesce(own.finding_count, 0) as finding_count,
        coalesce(own.rate_micro, cohorts.rate_micro) as rate_micro,
        coalesce(own.cohort_rate_micro, cohorts.rate_micro) as cohort_rate_micro
    from asked
    left join profiles as own
        on asked.day = own.day
        and asked.entity_kind = own.entity_kind
        and asked.entity_key = own.entity_key
        and asked.cohort_key = own.cohort_key
    left join profiles as cohorts
        on asked.day = cohorts.day
        and asked.cohort_kind = cohorts.entity_kind
        and asked.cohort_key = cohorts.entity_key

)

select
    rated.consignment_id,
    rated.day,
    rated.entity_kind,
    rated.entity_key,
    rated.cohort_kind,
    rated.cohort_key,
    rated.inspected_count,
    rated.finding_count,
    rated.rate_micro,
    rated.cohort_rate_micro,
    {%- for language in ['vi', 'en'] %}
    replace(replace(replace(
        case
            when rated.inspected_count > 0 then kinds.sentence_{{ language }}
            else kinds.uninspected_{{ language }}
        end,
        '{found}', cast(rated.finding_count as string)),
        '{inspected}', cast(rated.inspected_count as string)),
        '{cohort}',
        {{ fact_text("''", "'decimal'", 'cast(rated.cohort_rate_micro as double) / 1e4', 1, language) }}
    ) as sentence_{{ language }}{{ ',' if not loop.last }}
    {%- endfor %}
from rated
inner join {{ ref('entity_kinds') }} as kinds
    on rated.entity_kind = kinds.entity_kind
-- before any result nothing is known of anybody
where rated.rate_micro is not null
