{#- Select of the signs that speak for one platform on the days in `parameters` (day,
    platform_history_from, platform_least_parcels, platform_least_percent, platform_stated_percent):
    nearly all parcels that carry the sign and state a platform state this one, and enough do. A
    sender must also state a platform for enough of its parcels: who seldom does is not known by it. -#}
{% macro platform_likeness(parameters) -%}
with platform_counts as (

    select
        parameters.day,
        states.sign_kind,
        states.sign_value,
        states.platform_code,
        cast(sum(states.parcel_count) as bigint) as parcel_count
    from {{ ref('int_risk__platform_sign_days') }} as states
    inner join {{ parameters }} as parameters
        on states.day <= parameters.day
        and states.day >= parameters.platform_history_from
    group by
        parameters.day,
        states.sign_kind,
        states.sign_value,
        states.platform_code

),

sign_counts as (

    select
        day,
        sign_kind,
        sign_value,
        cast(sum(parcel_count) as bigint) as all_count,
        cast(sum(case when platform_code <> 'unstated' then parcel_count else 0 end) as bigint)
            as stated_count
    from platform_counts
    group by
        day,
        sign_kind,
        sign_value

),

likely as (

    select
        platform_counts.day,
        platform_counts.sign_kind,
        platform_counts.sign_value,
        platform_counts.platform_code,
        platform_counts.parcel_count,
        {{ share_in_millionths('platform_counts.parcel_count', 'sign_counts.stated_count') }}
            as platform_share_micro,
        row_number() over (
            partition by
                platform_counts.day, platform_counts.sign_kind, platform_counts.sign_value
            order by platform_counts.parcel_count desc, platform_counts.platform_code asc nulls last
        ) as platform_rank
    from platform_counts
    inner join sign_counts
        on platform_counts.day = sign_counts.day
        and platform_counts.sign_kind = sign_counts.sign_kind
        and platform_counts.sign_value = sign_counts.sign_value
    inner join {{ parameters }} as parameters
        on platform_counts.day = parameters.day
    where
        platform_counts.platform_code <> 'unstated'
        and platform_counts.parcel_count >= parameters.platform_least_parcels
        and platform_counts.parcel_count * 100
        >= sign_counts.stated_count * parameters.platform_least_percent
        and (
            platform_counts.sign_kind <> 'consignor'
            or sign_counts.stated_count * 100
            >= sign_counts.all_count * parameters.platform_stated_percent
        )

)

select
    day,
    sign_kind,
    sign_value,
    platform_code,
    parcel_count,
    platform_share_micro
from likely
where platform_rank = 1
{%- endmacro %}
