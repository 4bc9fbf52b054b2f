-- What each window changed by: volume against the window of the year before, as a logarithm too, and
-- price. And how far the change lies from those of earlier windows that share no month with it, in
-- robust standard deviations; null with fewer than the least number of them, or without any spread.
{% set strata = ['hs_heading', 'channel', 'month'] %}
with changes as (

    select
        windows.hs_heading,
        windows.channel,
        windows.month,
        windows.month_no,
        months.history_months,
        months.window_months,
        months.least_history,
        windows.value_vnd,
        windows.volume_vnd,
        bases.month as base_month,
        bases.volume_vnd as base_volume_vnd,
        {{ nano('ln(cast(windows.volume_vnd as double)) - ln(cast(bases.volume_vnd as double))') }}
            as change_nano,
        windows.log_price_sum_nano - bases.log_price_sum_nano as log_price_change_sum_nano
    from {{ ref('int_surge__windows') }} as windows
    inner join {{ ref('int_surge__months') }} as months
        on windows.month = months.month
    left join {{ ref('int_surge__windows') }} as bases
        on windows.hs_heading = bases.hs_heading
        and windows.channel = bases.channel
        and windows.chain_no = bases.chain_no
        and months.base_month_no = bases.month_no
        and months.is_new_year_known

),

history as (

    select
        changes.hs_heading,
        changes.channel,
        changes.month,
        earlier.change_nano
    from changes
    inner join changes as earlier
        on changes.hs_heading = earlier.hs_heading
        and changes.channel = earlier.channel
        and earlier.month_no between changes.month_no - changes.history_months
        and changes.month_no - changes.window_months
    where earlier.change_nano is not null

),

middles as (

    {{ twice_the_median('history', strata, 'change_nano', 'median_twice') }}

),

deviations as (

    select
        history.hs_heading,
        history.channel,
        history.month,
        abs(history.change_nano + history.change_nano - middles.median_twice) as deviation
    from history
    inner join middles
        on history.hs_heading = middles.hs_heading
        and history.channel = middles.channel
        and history.month = middles.month

),

spreads as (

    {{ twice_the_median('deviations', strata, 'deviation', 'spread_four_times') }}

)

select
    changes.hs_heading,
    changes.channel,
    changes.month,
    changes.value_vnd,
    changes.volume_vnd,
    changes.base_month,
    changes.base_volume_vnd,
    cast(coalesce(middles.count_of_rows, 0) as bigint) as history_windows,
    changes.change_nano,
    {{ percent_in_full('changes.volume_vnd - changes.base_volume_vnd', 'changes.base_volume_vnd') }}
        as volume_change_percent,
    try_cast(
        floor(
            exp(changes.log_price_change_sum_nano / (1e9 * changes.window_months)) * 1e6 + 0.5
        ) / 1e4 - 100 as decimal(18, 4)
    ) as price_change_percent,
    case
        when middles.count_of_rows >= changes.least_history and spreads.spread_four_times > 0
            -- a normal spread has 1.4826 median absolute deviations
            then {{ fixed_point(
                '(changes.change_nano + changes.change_nano - middles.median_twice) * 2'
                ~ ' / (1.4826 * spreads.spread_four_times)'
            ) }}
    end as robust_z_micro,
    case
        when changes.base_month is null then 'no_window_a_year_before'
        when coalesce(middles.count_of_rows, 0) < changes.least_history then 'short_history'
        when spreads.spread_four_times = 0 then 'no_spread'
    end as reason_code
from changes
left join middles
    on changes.hs_heading = middles.hs_heading
    and changes.channel = middles.channel
    and changes.month = middles.month
left join spreads
    on changes.hs_heading = spreads.hs_heading
    and changes.channel = spreads.channel
    and changes.month = spreads.month
