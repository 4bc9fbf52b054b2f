-- What buyers paid less than at domestic prices, by the income quintile of the province of destination:
-- the price gap of each heading, shared out by what of the heading went to each quintile. Domestic
-- prices have no province, so a heading's margin is one for the country. Shares are differences of
-- running sums: what was shared out adds up to what was compared, to the hundredth. A heading that no
-- flow of the month has is shared out to nobody known.
{% set shared_out = {
    'compared_value_vnd': 'compared', 'domestic_value_vnd': 'domestic',
} %}
with incomes as (

    select
        province_code,
        'q' || cast(income_quintile as string) as income_quintile,
        income_vnd,
        period_start,
        vintage_date,
        grade_letter
    from {{ ref('int_market__province_incomes') }}

),

quintile_incomes as (

    select
        income_quintile,
        count(*) as province_count,
        max(period_start) as income_period_start,
        max(vintage_date) as vintage_date,
        max(grade_letter) as letter
    from incomes
    group by income_quintile

),

gaps as (

    select
        month,
        member_code as hs_heading,
        compared_value_vnd,
        domestic_value_vnd
    from {{ ref('fct_undercutting_monthly') }}
    where
        dimension = 'hs4'
        and match_basis = 'any_match'
        and comparisons > 0

),

flows as (

    select
        flows.month,
        flows.hs_heading,
        coalesce(incomes.income_quintile, 'unknown') as income_quintile,
        flows.landed_value_vnd
    from {{ ref('int_substitutable__flows') }} as flows
    left join incomes on flows.province_code = incomes.province_code

    union all

    select
        month,
        hs_heading,
        'unknown' as income_quintile,
        0 as landed_value_vnd
    from gaps

),

bought as (

    select
        month,
        hs_heading,
        income_quintile,
        cast(sum(landed_value_vnd) as decimal(38, 2)) as landed_value_vnd
    from flows
    group by month, hs_heading, income_quintile

),

shared as (

    select
        bought.*,
        gaps.compared_value_vnd,
        gaps.domestic_value_vnd,
        sum(bought.landed_value_vnd) over (
            partition by bought.month, bought.hs_heading
            order by bought.income_quintile asc nulls last
        ) as landed_until_vnd,
        sum(bought.landed_value_vnd) over (
            partition by bought.month, bought.hs_heading
        ) as heading_value_vnd
    from bought
    left join gaps
        on bought.month = gaps.month
        and bought.hs_heading = gaps.hs_heading

),

running as (

    select
        shared.*,
        {% for column, name in shared_out.items() -%}
        case
            when landed_until_vnd = heading_value_vnd then {{ column }}
            else try_cast(
                floor(
                    cast({{ column }} as double)
                    * (cast(landed_until_vnd as double) / cast(heading_value_vnd as double))
                ) as decimal(38, 2)
            )
        end as {{ name }}_until_vnd{{ ',' if not loop.last }}
        {% endfor %}
    from shared

),

parts as (

    select
        running.*,
        {% for name in shared_out.values() -%}
        cast(
            {{ name }}_until_vnd - coalesce(lag({{ name }}_until_vnd) over (
                partition by month, hs_heading order by income_quintile asc nulls last
            ), 0) as decimal(38, 2)
        ) as {{ name }}_vnd{{ ',' if not loop.last }}
        {% endfor %}
    from running

),

quintiles as (

    select
        month,
        income_quintile,
        cast(sum(landed_value_vnd) as decimal(38, 2)) as landed_value_vnd,
        cast(coalesce(sum(compared_vnd), 0) as decimal(38, 2)) as compared_value_vnd,
        cast(coalesce(sum(domestic_vnd), 0) as decimal(38, 2)) as domestic_value_vnd
    from parts
    group by month, income_quintile

),

totals as (

    select
        quintiles.*,
        cast(domestic_value_vnd - compared_value_vnd as decimal(38, 2)) as saving_vnd,
        cast(sum(domestic_value_vnd - compared_value_vnd) over (partition by month) as decimal(38, 2))
            as total_saving_vnd
    from quintiles

)

select
    totals.month,
    totals.income_quintile,
    incomes.province_count,
    totals.landed_value_vnd,
    totals.compared_value_vnd,
    {{ percent_in_full('totals.compared_value_vnd', 'totals.landed_value_vnd') }}
        as compared_percent,
    totals.domestic_value_vnd,
    totals.saving_vnd,
    {{ percent_in_full('totals.saving_vnd', 'totals.domestic_value_vnd') }} as saving_percent,
    totals.total_saving_vnd,
    {{ percent_in_full('totals.saving_vnd', 'nullif(totals.total_saving_vnd, 0)') }}
        as share_of_saving_percent,
    incomes.income_period_start,
    incomes.vintage_date,
    {{ grade_of_letter('incomes.letter') }} as evidence_grade,
    case
        when totals.compared_value_vnd = 0 then 'no_comparison'
        when totals.income_quintile = 'unknown' then 'province_income_unknown'
    end as reason_code
from totals
left join quintile_incomes as incomes
    on totals.income_quintile = incomes.income_quintile
