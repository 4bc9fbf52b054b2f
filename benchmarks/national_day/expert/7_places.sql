-- Places where very much arrives. A single day is every window, and the one before is unknown.
create macro places(kind, point, is_usable, consignee) as table
with usable as (
    select
        point as point_key, consignee as consignee_key, platform_code, platform_status,
        coalesce(operator_code, 'unstated') as operator_code,
        consignee_province_code as province_code, value_vnd
    from consignments where is_in_flows and is_usable and point is not null
),

busy as (
    select point_key from usable group by all
    having count(*) >= rule_number('GATHERING_STATE_CONSIGNMENTS')
)

select
    kind as point_kind, point_key, count(*) as consignments,
    count(distinct consignee_key) as distinct_consignees,
    count(distinct platform_code) as distinct_platforms,
    count(distinct operator_code) as distinct_operators,
    count(*) filter (where platform_status in ('unregistered', 'suspended', 'deregistered'))
        as consignments_unregistered_platform,
    coalesce(sum(value_vnd), 0) as value_vnd,
    list_max(map_values(histogram(platform_code))) as largest_platform_consignments,
    histogram(platform_code) as platforms, histogram(province_code) as provinces
from usable semi join busy using (point_key)
group by point_key;
-- The code of most; of equals the first.
create macro most(counts) as list_min(list_transform(
    list_filter(map_entries(counts), lambda e: e.value = list_max(map_values(counts))),
    lambda e: e.key));
create temp table points as
from places('address', consignee_address_key, consignee_address_status = 'complete',
    consignee_party_id)
union all
from places('phone', consignee_phone_key, consignee_phone_status = 'valid', consignee_name_key)
union all
select * replace (cast(point_key as varchar) as point_key)
from places('warehouse', warehouse_code, true, consignee_party_id);

copy (
    select
        cast(window_days as bigint) as window_days, points.* exclude (platforms, provinces, distinct_consignees),
        distinct_consignees as consignees_day_by_day,
        -- a warehouse passes everybody on
        case when point_kind <> 'warehouse' then distinct_consignees end as distinct_consignees,
        getvariable('day') as last_day, most(platforms) as largest_platform_code,
        most(provinces) as province_code,
        cast(floor(largest_platform_consignments / consignments * 1e6 + 0.5) as bigint)
            as largest_platform_share_micro,
        row_number() over (
            partition by window_days, point_kind
            order by points.distinct_consignees desc, consignments desc, point_key) as rank_in_window
    from points
    inner join seed('rules/gathering_windows.csv') as windows
        on consignments >= min_consignments::bigint
        and points.distinct_consignees >= min_consignees::bigint and in_force(valid_from, valid_to)
    qualify rank_in_window <= max_points::bigint
)
to (getvariable('marts') || '/compliance.fct_gathering_point_windows.parquet')
(format parquet, compression zstd);
