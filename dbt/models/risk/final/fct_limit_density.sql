-- Who declares just within a value limit far more often than just above it. Values spread smoothly:
-- about as many lie on both sides, so the share within is read beside that of all (entity_kind all).
-- Of the days up to the last one held; a limit that changed has a row for each of its values.
with counted as (

    select
        days.limit_id,
        days.limit_vnd,
        days.band_vnd,
        days.entity_kind,
        days.entity_key,
        windows.last_day,
        cast(sum(days.consignments_within) as bigint) as consignments_within,
        cast(sum(days.consignments_above) as bigint) as consignments_above
    from {{ ref('int_risk__limit_days') }} as days
    inner join {{ ref('int_risk__limit_window') }} as windows
        on days.day >= windows.first_day
        and days.day <= windows.last_day
    group by
        days.limit_id,
        days.limit_vnd,
        days.band_vnd,
        days.entity_kind,
        days.entity_key,
        windows.last_day,
        windows.least_consignments
    having sum(days.consignments_within) + sum(days.consignments_above) >= windows.least_consignments

)

select
    limit_id,
    cast(limit_vnd as decimal(18, 2)) as limit_vnd,
    entity_kind,
    entity_key,
    last_day,
    cast(
        row_number() over (
            partition by limit_id, limit_vnd, entity_kind
            order by consignments_within - consignments_above desc, entity_key asc nulls last
        ) as bigint
    ) as rank_in_kind,
    cast(band_vnd as decimal(18, 2)) as band_vnd,
    consignments_within,
    consignments_above,
    consignments_within - consignments_above as excess_within,
    {{ share_in_millionths('consignments_within', 'consignments_within + consignments_above') }}
        as share_within_micro
from counted
