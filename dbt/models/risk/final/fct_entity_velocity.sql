-- Who receives or sends much more than in the window before, and since when it has been busy: over
-- windows that end on the last day held. A day below the state's minimum counts as nothing.
-- Addresses and phones: compliance.fct_gathering_point_windows.
with counted as (

    select
        windows.window_days,
        windows.max_entities,
        windows.last_day,
        windows.first_day_of_age,
        windows.is_before_held,
        days.entity_kind,
        days.entity_key,
        cast(sum(case when days.day >= windows.first_day then days.consignments else 0 end) as bigint)
            as consignments,
        cast(sum(case when days.day < windows.first_day then days.consignments else 0 end) as bigint)
            as consignments_before,
        count(case when days.day >= windows.first_day then 1 end) as active_days,
        cast(sum(case when days.day >= windows.first_day then days.value_vnd else 0 end) as decimal(38, 2))
            as value_vnd
    from {{ ref('int_risk__entity_days') }} as days
    inner join {{ ref('int_risk__velocity_windows') }} as windows
        on days.day >= windows.first_day_before
        and days.day <= windows.last_day
    group by
        windows.window_days,
        windows.min_consignments,
        windows.max_entities,
        windows.last_day,
        windows.first_day_of_age,
        windows.is_before_held,
        days.entity_kind,
        days.entity_key
    having
        sum(case when days.day >= windows.first_day then days.consignments else 0 end)
        >= windows.min_consignments

),

ranked as (

    select
        counted.*,
        row_number() over (
            partition by window_days, entity_kind
            order by
                consignments - consignments_before desc,
                consignments desc,
                entity_key asc nulls last
        ) as rank_in_window
    from counted

),

ages as (

    select
        ranked.window_days,
        ranked.entity_kind,
        ranked.entity_key,
        min(days.day) as first_busy_day
    from ranked
    inner join {{ ref('int_risk__entity_days') }} as days
        on ranked.entity_kind = days.entity_kind
        and ranked.entity_key = days.entity_key
        and ranked.first_day_of_age <= days.day
        and ranked.last_day >= days.day
    where ranked.rank_in_window <= ranked.max_entities
    group by
        ranked.window_days,
        ranked.entity_kind,
        ranked.entity_key

)

select
    ranked.window_days,
    ranked.entity_kind,
    ranked.entity_key,
    ranked.last_day,
    cast(ranked.rank_in_window as bigint) as rank_in_window,
    ranked.consignments,
    case when ranked.is_before_held then ranked.consignments_before end as consignments_before,
    case
        when ranked.is_before_held
            then
                cast(
                    floor(
                        {{ share_in_millionths('ranked.consignments', 'ranked.consignments_before') }} / 1e4
                    ) as bigint
                ) - 100
    end as growth_percent,
    ranked.active_days,
    ages.first_busy_day,
    cast({{ days_between('ages.first_busy_day', 'ranked.last_day') }} as bigint) as age_days,
    ranked.value_vnd
from ranked
inner join ages
    on ranked.window_days = ages.window_days
    and ranked.entity_kind = ages.entity_kind
    and ranked.entity_key = ages.entity_key
