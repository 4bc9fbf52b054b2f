{{ config(materialized='whole_table') }}

-- Status periods of platforms. Decisions (registered, suspended, ...) bind until the next decision;
-- observations and applications set a status only while nothing binds, except that a deregistered
-- platform may apply anew. The last effective event of a day counts.
with events as (

    select
        registry.platform_code,
        registry.event_type,
        registry.event_date,
        registry.instrument,
        registry.evidence_grade,
        effects.platform_status,
        effects.is_binding,
        row_number() over (
            partition by registry.platform_code
            order by registry.event_date asc nulls last, effects.effect_rank asc nulls last
        ) as event_rank
    from {{ ref('int_platforms__events') }} as registry
    inner join {{ ref('platform_event_effects') }} as effects
        on registry.event_type = effects.event_type

),

with_last_binding as (

    select
        events.*,
        max(case when is_binding then event_rank end) over (
            partition by platform_code
            order by event_rank asc nulls last
            rows between unbounded preceding and current row
        ) as binding_rank
    from events

),

effective as (

    select
        current_event.platform_code,
        current_event.platform_status,
        current_event.event_type,
        current_event.event_date,
        current_event.instrument,
        current_event.evidence_grade,
        row_number() over (
            partition by current_event.platform_code, current_event.event_date
            order by current_event.event_rank desc
        ) as reverse_rank_in_day
    from with_last_binding as current_event
    left join events as binding_event
        on current_event.platform_code = binding_event.platform_code
        and current_event.binding_rank = binding_event.event_rank
    where
        current_event.is_binding
        or binding_event.platform_status is null
        or (
            binding_event.platform_status = 'deregistered'
            and current_event.platform_status = 'applying'
        )

)

select
    platform_code,
    platform_status,
    event_date as valid_from,
    lead(event_date) over (
        partition by platform_code
        order by event_date asc nulls last
    ) as valid_before,
    event_type,
    instrument,
    evidence_grade
from effective
where reverse_rank_in_day = 1
