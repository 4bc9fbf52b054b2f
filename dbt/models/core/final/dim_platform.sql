-- Status as of the last day of the warehouse; the full history is int_platforms__status.
with last_day as (

    {{ last_day_held() }}

),

events as (

    select
        registry.platform_code,
        max_by(registry.platform_name, registry.event_key) as platform_name,
        max_by(registry.legal_type, registry.event_key) filter (
            where registry.legal_type is not null
        ) as legal_type,
        max_by(registry.is_foreign, registry.event_key) as is_foreign,
        min(registry.event_date) as first_event_date,
        max(registry.event_date) as last_event_date,
        count(*) as event_count
    from (
        select
            stated.*,
            cast(stated.event_date as string) || stated.event_type as event_key
        from {{ ref('int_platforms__events') }} as stated
        cross join last_day
        where stated.event_date <= last_day.day
    ) as registry
    group by registry.platform_code

),

periods as (

    select
        status.platform_code,
        status.platform_status,
        status.valid_from,
        status.instrument,
        status.evidence_grade,
        status.valid_before is null or last_day.day < status.valid_before as is_current
    from {{ ref('int_platforms__status') }} as status
    cross join last_day
    where status.valid_from <= last_day.day

),

history as (

    select
        platform_code,
        count(*) as status_count,
        min(case when platform_status = 'registered' then valid_from end) as first_registered_on,
        max(case when platform_status = 'suspended' then valid_from end) as last_suspended_on,
        max(case when platform_status = 'deregistered' then valid_from end)
            as last_deregistered_on
    from periods
    group by platform_code

)

select
    events.platform_code,
    events.platform_name,
    coalesce(events.legal_type, 'undetermined') as legal_type,
    events.is_foreign,
    coalesce(periods.platform_status, 'unregistered') as platform_status,
    periods.valid_from as status_since,
    periods.instrument as status_instrument,
    periods.evidence_grade as status_evidence_grade,
    coalesce(history.status_count, 0) as status_count,
    history.first_registered_on,
    history.last_suspended_on,
    history.last_deregistered_on,
    events.first_event_date,
    events.last_event_date,
    events.event_count
from events
left join periods
    on events.platform_code = periods.platform_code
    and periods.is_current
left join history
    on events.platform_code = history.platform_code
