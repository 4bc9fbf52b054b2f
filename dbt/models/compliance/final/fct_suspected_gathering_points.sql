{{ config(materialized='day_window') }}

-- Places that many consignments of one day go to (duty F04): an address, a phone or a warehouse.
-- A count is a suspicion, not a finding: offices, dormitories and parcel lockers look the same. What
-- the site knows of (source known_place) stays in the list, behind every place that it does not know.
with limits as (

    {{ parameters_by_day({
        'min_consignments': ['GATHERING_MIN_CONSIGNMENTS', 'bigint'],
        'max_per_day': ['GATHERING_MAX_PER_DAY', 'bigint'],
    }) }}

),

points as (

    select
        places.day,
        places.point_kind,
        places.point_key,
        limits.max_per_day,
        cast(sum(places.consignments) as bigint) as consignments,
        count(distinct places.platform_code) as distinct_platforms,
        count(distinct places.operator_code) as distinct_operators,
        cast(sum(places.consignments_unregistered_platform) as bigint)
            as consignments_unregistered_platform,
        cast(sum(places.value_vnd) as decimal(38, 2)) as value_vnd
    from {{ ref('int_places__days') }} as places
    inner join limits
        on places.day = limits.day
    where places.day in (select days.day from {{ ref('int_calendar__days') }} as days)
    group by
        places.day,
        places.point_kind,
        places.point_key,
        limits.max_per_day,
        limits.min_consignments
    having sum(places.consignments) >= limits.min_consignments

),

consignees as (

    select
        day,
        point_kind,
        point_key,
        cast(sum(consignees) as bigint) as distinct_consignees
    from {{ ref('int_places__consignees') }}
    where day in (select days.day from {{ ref('int_calendar__days') }} as days)
    group by
        day,
        point_kind,
        point_key

),

-- The province of most of its consignments; of equals the first code.
provinces as (

    select
        day,
        point_kind,
        point_key,
        province_code,
        row_number() over (
            partition by day, point_kind, point_key
            order by sum(consignments) desc, province_code asc nulls last
        ) as place_of_province
    from {{ ref('int_places__days') }}
    where day in (select days.day from {{ ref('int_calendar__days') }} as days)
    group by
        day,
        point_kind,
        point_key,
        province_code

),

described as (

    select
        points.*,
        coalesce(consignees.distinct_consignees, 0) as distinct_consignees,
        provinces.province_code,
        wards.ward,
        known.place_type as known_place_type
    from points
    left join consignees
        on points.day = consignees.day
        and points.point_kind = consignees.point_kind
        and points.point_key = consignees.point_key
    left join provinces
        on points.day = provinces.day
        and points.point_kind = provinces.point_kind
        and points.point_key = provinces.point_key
        and provinces.place_of_province = 1
    left join {{ ref('int_places__wards') }} as wards
        on points.day = wards.day
        and points.point_kind = 'address'
        and points.point_key = wards.point_key
    left join (
        {{ known_points(ref('int_calendar__days')) }}
    ) as known
        on points.day = known.day
        and points.point_kind = known.point_kind
        and points.point_key = known.point_key

),

ranked as (

    select
        described.*,
        row_number() over (
            partition by described.day, described.point_kind
            order by
                case when described.known_place_type is null then 0 else 1 end asc nulls last,
                described.distinct_consignees desc,
                described.consignments desc,
                described.point_key asc nulls last
        ) as place_in_list
    from described

)

select
    day,
    point_kind,
    point_key,
    case when known_place_type is null then cast(place_in_list as bigint) end as rank_in_day,
    known_place_type,
    consignments,
    distinct_consignees,
    distinct_platforms,
    distinct_operators,
    consignments_unregistered_platform,
    province_code,
    ward,
    value_vnd
from ranked
where place_in_list <= max_per_day
