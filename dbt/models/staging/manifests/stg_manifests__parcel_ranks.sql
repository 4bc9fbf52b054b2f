{{ config(materialized='table') }}

-- Only keys that occur more than once are ranked: a national day has millions that do not.
-- Last: stated version numbers ascending, then versions without a number, by order of receipt.
with repeated as (

    select
        house_waybill_number,
        count(*) as version_count
    from {{ ref('stg_manifests__parcel_versions') }}
    group by house_waybill_number
    having count(*) > 1

),

deliveries as (

    select
        source_sha256,
        min(delivery_sequence) as delivery_sequence
    from {{ ref('stg_ingest__delivery_outcomes') }}
    where status = 'accepted'
    group by source_sha256

),

ranked as (

    select
        versions.house_waybill_number,
        versions.source_sha256,
        versions.source_line,
        versions.day,
        versions.day_basis,
        repeated.version_count,
        row_number() over (
            partition by versions.house_waybill_number
            order by
                case when versions.version_number is null then 1 else 0 end asc,
                versions.version_number asc nulls last,
                versions.received_date asc nulls last,
                coalesce(deliveries.delivery_sequence, 0) asc,
                versions.source_sha256 asc nulls last,
                versions.source_line asc nulls last
        ) as version_rank
    from {{ ref('stg_manifests__parcel_versions') }} as versions
    inner join repeated
        on versions.house_waybill_number = repeated.house_waybill_number
    left join deliveries
        on versions.source_sha256 = deliveries.source_sha256

),

-- a version without a day of its own takes the last stated one, else the original's
days as (

    select
        house_waybill_number,
        coalesce(
            max_by(day, version_rank) filter (where day_basis = 'stated'),
            min_by(day, version_rank)
        ) as current_day
    from ranked
    group by house_waybill_number

)

select
    ranked.house_waybill_number,
    ranked.source_sha256,
    ranked.source_line,
    ranked.day,
    days.current_day,
    ranked.version_count,
    ranked.version_rank,
    ranked.version_rank = ranked.version_count as is_current
from ranked
inner join days
    on ranked.house_waybill_number = days.house_waybill_number
