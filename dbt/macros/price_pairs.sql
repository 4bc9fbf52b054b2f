{#- The index formulas of which GEKS series are made: the published one, then its checks. -#}
{% macro price_formulas() -%}tornqvist fisher jevons{%- endmacro %}

{#- Common table expressions `kept` and `bilaterals`: products of a window, and the logarithm of the
    price change between any two of its months, in whole billionths, over the products of both.

    A product counts that is seen in the least number of months of the window (of the stratum's months
    there, where they are fewer). A change of its price beyond the limit is left out of its pair.
    Values are exact and logarithms whole, so their products add up to the same number in any order:
    with l = ln price, ln P = (sum(va (lb - la)) / sum(va) + sum(vb (lb - la)) / sum(vb)) / 2
    is Törnqvist. Fisher: half of ln(sum(va pb / pa) / sum(va)) + ln(sum(vb) / sum(vb pa / pb)), with
    amounts to the hundredth. Jevons: the mean of lb - la.

    Reads `windows` and `strata_months` (price_windows). product_months: like
    int_price_index__product_months. -#}
{% macro price_pairs(product_months) -%}
strata as (

    select
        step_no,
        hs_heading,
        channel,
        row_number() over (
            order by step_no asc nulls last, hs_heading asc nulls last, channel asc nulls last
        ) as cell_no,
        sum(case when product_count > 0 then 1 else 0 end) as months_with_products,
        max(least_months_seen) as least_months_seen,
        max(most_log_relative_nano) as most_log_relative_nano
    from strata_months
    group by step_no, hs_heading, channel

),

seen as (

    select
        strata.cell_no,
        windows.month_no,
        goods.product_id,
        goods.value_vnd,
        goods.log_price_nano
    from windows
    inner join {{ product_months }} as goods
        on windows.month = goods.month
    inner join strata
        on windows.step_no = strata.step_no
        and goods.hs_heading = strata.hs_heading
        and goods.channel = strata.channel
    where goods.product_id is not null

),

counted as (

    select
        cell_no,
        product_id,
        row_number() over (order by cell_no asc nulls last, product_id asc nulls last) as product_no,
        count(*) as months_seen
    from seen
    group by cell_no, product_id

),

kept as (

    select
        seen.cell_no,
        seen.month_no,
        counted.product_no,
        seen.value_vnd,
        seen.log_price_nano,
        strata.most_log_relative_nano
    from counted
    inner join strata
        on counted.cell_no = strata.cell_no
        and counted.months_seen >= least(strata.least_months_seen, strata.months_with_products)
    inner join seen
        on counted.cell_no = seen.cell_no
        and counted.product_id = seen.product_id

),

matched as (

    select
        earlier.cell_no,
        earlier.month_no as earlier_no,
        later.month_no as later_no,
        earlier.value_vnd as earlier_vnd,
        later.value_vnd as later_vnd,
        later.log_price_nano - earlier.log_price_nano as change_nano
    from kept as earlier
    inner join kept as later
        on earlier.product_no = later.product_no
        and earlier.month_no < later.month_no
        and abs(later.log_price_nano - earlier.log_price_nano) <= earlier.most_log_relative_nano

),

summed as (

    select
        cell_no,
        earlier_no,
        later_no,
        count(*) as product_count,
        sum(change_nano) as changes_nano,
        cast(sum(earlier_vnd) as double) as earlier_vnd,
        cast(sum(later_vnd) as double) as later_vnd,
        cast(sum(earlier_vnd * cast(change_nano as decimal(11, 0))) as double) as earlier_changes,
        cast(sum(later_vnd * cast(change_nano as decimal(11, 0))) as double) as later_changes,
        cast(sum({{ at_other_price('earlier_vnd', 'change_nano') }}) as double)
            as earlier_at_later_vnd,
        cast(sum({{ at_other_price('later_vnd', '-change_nano') }}) as double)
            as later_at_earlier_vnd
    from matched
    group by cell_no, earlier_no, later_no

),

bilaterals as (

    select
        cell_no,
        earlier_no,
        later_no,
        {{ whole('(earlier_changes / earlier_vnd + later_changes / later_vnd) / 2') }}
            as tornqvist_nano,
        {{ nano(
            '(ln(nullif(earlier_at_later_vnd, 0) / earlier_vnd)'
            ~ ' + ln(later_vnd / nullif(later_at_earlier_vnd, 0))) / 2'
        ) }} as fisher_nano,
        {{ whole('cast(changes_nano as double) / product_count') }} as jevons_nano
    from summed

)
{%- endmacro %}

{#- What an amount would be after a change of the price, to the hundredth. -#}
{% macro at_other_price(amount, change_nano) -%}
cast(floor(cast({{ amount }} as double) * exp(({{ change_nano }}) / 1e9) * 1e2 + 0.5) / 1e2 as decimal(26, 2))
{%- endmacro %}
