{#- The months after the first window that one run publishes; the next run goes on. Each is a step of
    the recursion of `price_splice`, unrolled: engines recurse in no way that both read. -#}
{% macro price_steps() -%}1 2 3 4 5 6{%- endmacro %}

{#- Common table expressions `held_months`, `windows` and `strata_months`: what a run publishes, and
    from which months of which strata.

    Step 0 is the first window: all its months are published at once. Each later step publishes the
    month that it ends with. Months that are missing are left out of a window: it spans calendar
    months. A month before one that is published is not published any more.

    months: relation like int_price_index__months. product_months: like int_price_index__product_months.
    published: the rows that stand (fct_price_index_monthly). -#}
{% macro price_windows(months, product_months, published) -%}
held_months as (

    select
        month,
        month_no,
        window_months,
        least_months_seen,
        most_log_relative_nano,
        sign_off_log_change_nano
    from {{ months }}
    where is_whole

),

last_published as (

    select max(month) as month
    from {{ published }}

),

awaited as (

    select
        held.month,
        held.month_no,
        last_published.month is null
        and held.month_no < min(held.month_no) over () + held.window_months as is_first
    from held_months as held
    cross join last_published
    where last_published.month is null or held.month > last_published.month

),

steps as (

    select
        step_no,
        max(month_no) as end_no
    from (
        select
            month_no,
            case when is_first then 0
                else row_number() over (partition by is_first order by month asc nulls last)
            end as step_no
        from awaited
    ) as numbered
    where step_no <= {{ price_steps().split() | last }}
    group by step_no

),

windows as (

    select
        steps.step_no,
        steps.end_no,
        held.month,
        held.month_no,
        ends.least_months_seen,
        ends.most_log_relative_nano,
        ends.sign_off_log_change_nano
    from steps
    inner join held_months as ends
        on steps.end_no = ends.month_no
    inner join held_months as held
        on held.month_no <= ends.month_no
        and held.month_no > ends.month_no - ends.window_months

),

strata_months as (

    select
        windows.step_no,
        windows.end_no,
        goods.hs_heading,
        goods.channel,
        windows.month,
        windows.month_no,
        max(windows.least_months_seen) as least_months_seen,
        max(windows.most_log_relative_nano) as most_log_relative_nano,
        max(windows.sign_off_log_change_nano) as sign_off_log_change_nano,
        cast(sum(goods.value_vnd) as decimal(38, 2)) as value_vnd,
        count(goods.product_id) as product_count
    from windows
    inner join {{ product_months }} as goods
        on windows.month = goods.month
    group by
        windows.step_no,
        windows.end_no,
        goods.hs_heading,
        goods.channel,
        windows.month,
        windows.month_no

)
{%- endmacro %}
