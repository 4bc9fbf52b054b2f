-- Registry and manifests spell a platform as they like; both sides go through the same aliases, or
-- a registered platform would look unregistered.
with named as (

    select
        coalesce(aliases.platform_code, events.platform_code) as platform_code,
        events.platform_name,
        events.event_type,
        events.event_date,
        events.instrument,
        events.evidence_grade,
        events.legal_type,
        events.is_foreign,
        row_number() over (
            partition by
                coalesce(aliases.platform_code, events.platform_code),
                events.event_type,
                events.event_date
            order by
                events.received_date desc nulls last,
                events.source_sha256 desc,
                events.source_line desc
        ) as reverse_rank
    from {{ ref('stg_registry__platform_events') }} as events
    left join {{ ref('platform_aliases') }} as aliases
        on events.platform_code = aliases.alias

)

select
    platform_code,
    platform_name,
    event_type,
    event_date,
    instrument,
    evidence_grade,
    legal_type,
    is_foreign
from named
where reverse_rank = 1
