{#- Common table expression `levels`: GEKS of every window. A month's level is the sum, over the months
    r of its window, of ln P(r, month); the index from s to t is exp((level t - level s) / months),
    since ln P(s, r) = -ln P(r, s). All whole billionths.

    A month that has a product in common with fewer than half of the window's months is left out,
    unless it is the one to be published; of two that still have none, the older is.

    Reads `strata` and `bilaterals` (price_pairs), `strata_months` (price_windows). -#}
{% macro price_levels() -%}
candidates as (

    select
        strata.cell_no,
        months.step_no,
        months.hs_heading,
        months.channel,
        months.month,
        months.month_no,
        months.step_no > 0 and months.month_no = months.end_no as is_to_publish
    from strata_months as months
    inner join strata
        on months.step_no = strata.step_no
        and months.hs_heading = strata.hs_heading
        and months.channel = strata.channel
    where months.product_count > 0

),

directed as (

    select
        bilaterals.cell_no,
        case when ways.way = 1 then later_no else earlier_no end as month_no,
        case when ways.way = 1 then earlier_no else later_no end as other_no,
        {% for formula in price_formulas().split() %}
        ways.way * {{ formula }}_nano as {{ formula }}_nano{{ ',' if not loop.last }}
        {% endfor %}
    from bilaterals
    cross join (
        select 1 as way
        union all
        select -1 as way
    ) as ways

),

-- every month beside every other, and itself
square as (

    select
        here.cell_no,
        here.month_no,
        there.month_no as other_no,
        here.is_to_publish,
        there.is_to_publish as other_is_to_publish,
        {% for formula in price_formulas().split() %}
        case when here.month_no = there.month_no then 0
            else directed.{{ formula }}_nano end as {{ formula }}_nano{{ ',' if not loop.last }}
        {% endfor %}
    from candidates as here
    inner join candidates as there
        on here.cell_no = there.cell_no
    left join directed
        on here.cell_no = directed.cell_no
        and here.month_no = directed.month_no
        and there.month_no = directed.other_no

),

linked as (

    select
        square.*,
        count(*) over (partition by cell_no, month_no) as months_beside,
        count(tornqvist_nano) over (partition by cell_no, month_no) as links,
        count(tornqvist_nano) over (partition by cell_no, other_no) as other_links
    from square

),

parted as (

    select
        linked.*,
        max(case when other_no > month_no and tornqvist_nano is null then 1 else 0 end)
            over (partition by cell_no, month_no) as has_newer_apart,
        max(case when month_no > other_no and tornqvist_nano is null then 1 else 0 end)
            over (partition by cell_no, other_no) as other_has_newer_apart
    from linked
    where
        (is_to_publish or links + links >= months_beside)
        and (other_is_to_publish or other_links + other_links >= months_beside)

),

levels as (

    select
        cell_no,
        month_no,
        cast(count(*) as bigint) as months_used,
        {% for formula in price_formulas().split() %}
        case when count({{ formula }}_nano) = count(*) then cast(sum({{ formula }}_nano) as bigint)
        end as {{ formula }}_level{{ ',' if not loop.last }}
        {% endfor %}
    from parted
    where has_newer_apart = 0 and other_has_newer_apart = 0
    group by cell_no, month_no

)
{%- endmacro %}
