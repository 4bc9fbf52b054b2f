{{ config(materialized='whole_table') }}
-- What came to places that pass a window's least consignments: platforms, operators and provinces, in
-- the window and in the one before.
with mix as (

    select
        windows.window_days,
        windows.min_consignments,
        places.point_kind,
        places.point_key,
        places.platform_code,
        places.operator_code,
        places.province_code,
        {% for measure in ['consignments', 'consignments_unregistered_platform', 'value_vnd'] %}
        sum(case when places.day >= windows.first_day then places.{{ measure }} else 0 end)
            as {{ measure }},
        {% endfor %}
        sum(case when places.day < windows.first_day then places.consignments else 0 end)
            as consignments_before
    from {{ ref('int_places__days') }} as places
    inner join {{ ref('int_places__windows') }} as windows
        on places.day >= windows.first_day_before
        and places.day <= windows.last_day
    group by
        windows.window_days,
        windows.min_consignments,
        places.point_kind,
        places.point_key,
        places.platform_code,
        places.operator_code,
        places.province_code

),

points as (

    select
        window_days,
        point_kind,
        point_key
    from mix
    group by
        window_days,
        min_consignments,
        point_kind,
        point_key
    having sum(consignments) >= min_consignments

)

select
    mix.window_days,
    mix.point_kind,
    mix.point_key,
    mix.platform_code,
    mix.operator_code,
    mix.province_code,
    cast(mix.consignments as bigint) as consignments,
    cast(mix.consignments_unregistered_platform as bigint) as consignments_unregistered_platform,
    cast(mix.value_vnd as decimal(38, 2)) as value_vnd,
    cast(mix.consignments_before as bigint) as consignments_before
from mix
inner join points
    on mix.window_days = points.window_days
    and mix.point_kind = points.point_kind
    and mix.point_key = points.point_key
