{{ config(materialized='table') }}

-- Which declaration each version belongs to, and its place among the versions of its line.
-- An amendment sent under another number joins the one original of its sender that carries its
-- local reference; two candidates would be a guess, so it then stays on its own.
with versions as (

    select
        declaration_number,
        line_number,
        local_reference_number,
        version_number,
        record_status,
        is_partial,
        day,
        day_basis,
        sender,
        received_date,
        source_sha256,
        source_line
    from {{ ref('stg_customs__declaration_line_versions') }}

),

originals as (

    select distinct
        sender,
        declaration_number,
        local_reference_number
    from versions
    where record_status = 'original' and not is_partial

),

references_of_originals as (

    select
        sender,
        reference,
        min(declaration_number) as declaration_number
    from (
        select sender, declaration_number, declaration_number as reference from originals
        union
        select sender, declaration_number, local_reference_number as reference
        from originals
        where local_reference_number is not null
    ) as either_reference
    group by sender, reference
    having count(distinct declaration_number) = 1

),

numbered as (

    select distinct sender, declaration_number from originals

),

deliveries as (

    select
        source_sha256,
        min(delivery_sequence) as delivery_sequence
    from {{ ref('stg_ingest__delivery_outcomes') }}
    where status = 'accepted'
    group by source_sha256

),

keyed as (

    select
        versions.source_sha256,
        versions.source_line,
        versions.line_number,
        versions.version_number,
        versions.is_partial,
        versions.day,
        versions.day_basis,
        versions.received_date,
        case
            when versions.record_status = 'original' and not versions.is_partial
                then versions.declaration_number
            when numbered.declaration_number is not null then versions.declaration_number
            else coalesce(references_of_originals.declaration_number, versions.declaration_number)
        end as declaration_number
    from versions
    left join numbered
        on versions.sender = numbered.sender
        and versions.declaration_number = numbered.declaration_number
    left join references_of_originals
        on versions.sender = references_of_originals.sender
        and versions.local_reference_number = references_of_originals.reference

),

repeated as (

    select declaration_number, line_number, count(*) as version_count
    from keyed
    group by declaration_number, line_number
    having count(*) > 1 or max(case when is_partial then 1 else 0 end) = 1

),

ranked as (

    select
        keyed.declaration_number,
        keyed.line_number,
        keyed.source_sha256,
        keyed.source_line,
        keyed.is_partial,
        keyed.day,
        keyed.day_basis,
        repeated.version_count,
        row_number() over (
            partition by keyed.declaration_number, keyed.line_number
            order by
                case when keyed.version_number is null then 1 else 0 end asc,
                keyed.version_number asc nulls last,
                keyed.received_date asc nulls last,
                coalesce(deliveries.delivery_sequence, 0) asc,
                keyed.source_sha256 asc nulls last,
                keyed.source_line asc nulls last
        ) as version_rank
    from keyed
    inner join repeated
        on keyed.declaration_number = repeated.declaration_number
        and keyed.line_number = repeated.line_number
    left join deliveries
        on keyed.source_sha256 = deliveries.source_sha256

),

lines as (

    select
        declaration_number,
        line_number,
        -- a version without a day of its own takes the last stated one, else the original's
        coalesce(
            max_by(day, version_rank) filter (where day_basis = 'stated'),
            min_by(day, version_rank)
        ) as current_day,
        max(case when not is_partial then version_rank end) as complete_rank
    from ranked
    group by declaration_number, line_number

)

select
    ranked.declaration_number,
    ranked.line_number,
    ranked.source_sha256,
    ranked.source_line,
    ranked.day,
    lines.current_day,
    ranked.version_count,
    ranked.version_rank,
    coalesce(ranked.version_rank >= lines.complete_rank, false) as is_since_complete,
    lines.complete_rank is null as is_waiting,
    lines.complete_rank is not null and ranked.version_rank = ranked.version_count as is_current
from ranked
inner join lines
    on ranked.declaration_number = lines.declaration_number
    and ranked.line_number = lines.line_number
