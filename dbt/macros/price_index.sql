{#- Select of the months that a run publishes: one row per stratum and month that stand in no
    `published` row yet. Its steps: price_windows, price_pairs, price_levels, price_splice.
    Relations: months (int_price_index__months), product_months (int_price_index__product_months),
    published (fct_price_index_monthly, or an empty one with its columns). -#}
{% macro price_index(months, product_months, published) -%}
with {{ price_windows(months, product_months, published) }},

{{ price_pairs(product_months) }},

{{ price_levels() }},

{{ price_splice(published) }},

weighed as (

    select
        cell_no,
        month_no,
        count(*) as product_count,
        cast(sum(value_vnd) as decimal(38, 2)) as value_vnd
    from kept
    group by cell_no, month_no

),

moved as (

    select
        spliced.*,
        lag(month) over (partition by cell_no order by month_no asc nulls last) as previous_month,
        tornqvist_log - lag(tornqvist_log)
            over (partition by cell_no order by month_no asc nulls last) as change_nano
    from spliced
    where tornqvist_log is not null

)

select
    months.hs_heading,
    months.channel,
    months.month,
    case
        when moved.tornqvist_log is not null then 'published'
        when months.product_count = 0 then 'no_usable_product'
        else 'no_common_product'
    end as index_status,
    {{ index_of('moved.tornqvist_log') }} as price_index,
    {{ index_of('moved.fisher_log') }} as fisher_price_index,
    {{ index_of('moved.jevons_log') }} as jevons_price_index,
    coalesce(moved.tornqvist_log is not null and moved.change_nano is null, false) as is_base,
    moved.previous_month,
    try_cast(floor((exp(moved.change_nano / 1e9) - 1) * 1e6 + 0.5) / 1e4 as decimal(18, 4))
        as change_percent,
    coalesce(abs(moved.change_nano) > months.sign_off_log_change_nano, false) as needs_sign_off,
    coalesce(moved.months_used, 0) as window_months,
    months.product_count,
    cast(coalesce(weighed.product_count, 0) as bigint) as matched_product_count,
    months.value_vnd,
    cast(coalesce(weighed.value_vnd, 0) as decimal(38, 2)) as matched_value_vnd,
    try_cast(
        floor(
            cast(coalesce(weighed.value_vnd, 0) as double)
            / cast(nullif(months.value_vnd, 0) as double) * 1e6 + 0.5
        ) / 1e4 as decimal(9, 4)
    ) as matched_share_percent,
    moved.tornqvist_log as tornqvist_log_nano,
    moved.fisher_log as fisher_log_nano,
    moved.jevons_log as jevons_log_nano
from strata_months as months
inner join strata
    on months.step_no = strata.step_no
    and months.hs_heading = strata.hs_heading
    and months.channel = strata.channel
left join moved
    on strata.cell_no = moved.cell_no
    and months.month_no = moved.month_no
left join weighed
    on strata.cell_no = weighed.cell_no
    and months.month_no = weighed.month_no
where months.step_no = 0 or months.month_no = months.end_no
{%- endmacro %}

{#- An index with base 100 and six decimals. -#}
{% macro index_of(log_nano) -%}
try_cast(floor(exp({{ log_nano }} / 1e9) * 1e8 + 0.5) / 1e6 as decimal(18, 6))
{%- endmacro %}
