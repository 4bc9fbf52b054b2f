-- The same places over windows of days that end on the last day held, each beside the window before
-- (duty F04): who leads this week and this month, and who grows. Made anew from daily states, so it
-- does not depend on the order of runs; a day below the states' minimum counts as nothing.
with points as (

    select
        window_days,
        point_kind,
        point_key,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_before) as bigint) as consignments_before,
        count(distinct case when consignments > 0 then platform_code end) as distinct_platforms,
        count(distinct case when consignments > 0 then operator_code end) as distinct_operators,
        cast(sum(consignments_unregistered_platform) as bigint) as consignments_unregistered_platform,
        cast(sum(value_vnd) as decimal(38, 2)) as value_vnd
    from {{ ref('int_places__window_mix') }}
    group by
        window_days,
        point_kind,
        point_key

),

-- What most of its consignments have in common; of equals the first code.
{% for column in ['platform_code', 'province_code'] %}
of_{{ column }} as (

    select
        window_days,
        point_kind,
        point_key,
        {{ column }},
        sum(consignments) as consignments,
        row_number() over (
            partition by window_days, point_kind, point_key
            order by sum(consignments) desc, {{ column }} asc nulls last
        ) as place_of_code
    from {{ ref('int_places__window_mix') }}
    group by
        window_days,
        point_kind,
        point_key,
        {{ column }}

),

{% endfor %}
consignees as (

    select
        points.window_days,
        points.point_kind,
        points.point_key,
        count(distinct consignees.day) as active_days,
        min(consignees.day) as first_active_day,
        cast(sum(consignees.consignees) as bigint) as consignees_day_by_day,
        case when points.point_kind <> 'warehouse' then count(distinct consignees.consignee_key) end
            as distinct_consignees
    from points
    inner join {{ ref('int_places__windows') }} as windows
        on points.window_days = windows.window_days
    inner join {{ ref('int_places__consignees') }} as consignees
        on points.point_kind = consignees.point_kind
        and points.point_key = consignees.point_key
        and windows.first_day <= consignees.day
        and windows.last_day >= consignees.day
    group by
        points.window_days,
        points.point_kind,
        points.point_key

),

ends as (

    select distinct last_day as day
    from {{ ref('int_places__windows') }}

),

wards as (

    select
        wards.point_key,
        max(wards.ward) as ward
    from {{ ref('int_places__wards') }} as wards
    where wards.day >= (select min(windows.first_day) from {{ ref('int_places__windows') }} as windows)
    group by wards.point_key

),

described as (

    select
        points.*,
        windows.last_day,
        windows.max_points,
        windows.is_before_held,
        consignees.active_days,
        consignees.first_active_day,
        consignees.consignees_day_by_day,
        consignees.distinct_consignees,
        of_platform_code.platform_code as largest_platform_code,
        of_platform_code.consignments as largest_platform_consignments,
        of_province_code.province_code,
        wards.ward,
        known.place_type as known_place_type
    from points
    inner join {{ ref('int_places__windows') }} as windows
        on points.window_days = windows.window_days
    inner join consignees
        on points.window_days = consignees.window_days
        and points.point_kind = consignees.point_kind
        and points.point_key = consignees.point_key
    {% for column in ['platform_code', 'province_code'] %}
    inner join of_{{ column }}
        on points.window_days = of_{{ column }}.window_days
        and points.point_kind = of_{{ column }}.point_kind
        and points.point_key = of_{{ column }}.point_key
        and of_{{ column }}.place_of_code = 1
    {% endfor %}
    left join wards
        on points.point_kind = 'address'
        and points.point_key = wards.point_key
    left join (
        {{ known_points('ends') }}
    ) as known
        on points.point_kind = known.point_kind
        and points.point_key = known.point_key
    where coalesce(consignees.distinct_consignees, consignees.consignees_day_by_day) >= windows.min_consignees

),

ranked as (

    select
        described.*,
        row_number() over (
            partition by described.window_days, described.point_kind
            order by
                case when described.known_place_type is null then 0 else 1 end asc nulls last,
                coalesce(described.distinct_consignees, described.consignees_day_by_day) desc,
                described.consignments desc,
                described.point_key asc nulls last
        ) as place_in_list
    from described

)

select
    window_days,
    point_kind,
    point_key,
    last_day,
    case when known_place_type is null then cast(place_in_list as bigint) end as rank_in_window,
    known_place_type,
    distinct_consignees,
    consignees_day_by_day,
    consignments,
    case when is_before_held then consignments_before end as consignments_before,
    case
        when is_before_held
            then
                cast(
                    floor({{ share_in_millionths('consignments', 'consignments_before') }} / 1e4) as bigint
                ) - 100
    end as growth_percent,
    cast(active_days as bigint) as active_days,
    first_active_day,
    distinct_platforms,
    largest_platform_code,
    {{ share_in_millionths('largest_platform_consignments', 'consignments') }}
        as largest_platform_share_micro,
    consignments_unregistered_platform,
    distinct_operators,
    province_code,
    ward,
    value_vnd
from ranked
where place_in_list <= max_points
