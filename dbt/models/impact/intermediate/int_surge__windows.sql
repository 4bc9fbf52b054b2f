-- Windows of each stratum, by their last month: value, volume at the prices of the stratum's base
-- (value over price index: pieces and kilograms add up that way) and the mean logarithm of its price
-- index. A window is whole when each of its months has an index of the same chain.
with volumes as (

    select
        prices.hs_heading,
        prices.channel,
        months.month,
        months.month_no,
        prices.value_vnd,
        prices.tornqvist_log_nano,
        try_cast(
            floor(cast(prices.value_vnd as double) / exp(prices.tornqvist_log_nano / 1e9) + 0.5)
            as decimal(38, 0)
        ) as volume_vnd,
        sum(case when prices.is_base then 1 else 0 end) over (
            partition by prices.hs_heading, prices.channel
            order by prices.month asc nulls last
            rows between unbounded preceding and current row
        ) as chain_no
    from {{ ref('fct_price_index_monthly') }} as prices
    inner join {{ ref('int_surge__months') }} as months
        on prices.month = months.month
    where prices.index_status = 'published'

)

select
    ends.hs_heading,
    ends.channel,
    ends.month,
    ends.month_no,
    ends.chain_no,
    cast(sum(parts.value_vnd) as decimal(38, 2)) as value_vnd,
    cast(sum(parts.volume_vnd) as decimal(38, 0)) as volume_vnd,
    cast(sum(parts.tornqvist_log_nano) as bigint) as log_price_sum_nano
from volumes as ends
inner join {{ ref('int_surge__months') }} as months
    on ends.month = months.month
inner join volumes as parts
    on ends.hs_heading = parts.hs_heading
    and ends.channel = parts.channel
    and ends.chain_no = parts.chain_no
    and parts.month_no between ends.month_no - months.window_months + 1 and ends.month_no
group by ends.hs_heading, ends.channel, ends.month, ends.month_no, ends.chain_no
having count(*) = max(months.window_months)
