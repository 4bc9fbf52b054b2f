-- How large the cross-border parcels of a year are beside what each industry makes at home, and in
-- which band it stands when industries are ranked. A rank says who comes before whom, not what
-- anybody lost. Only years whose twelve months are complete are compared.
{% set months_of_year = 12 %}
with complete_years as (

    select cast(date_trunc('year', month) as date) as year_start
    from {{ ref('fct_industry_flows_monthly') }}
    where is_complete_month
    group by cast(date_trunc('year', month) as date)
    having count(distinct month) = {{ months_of_year }}

),

flows as (

    select
        years.year_start,
        months.vsic_division,
        cast(sum(months.customs_value_vnd) as decimal(38, 2)) as cross_border_vnd,
        cast(sum(months.main_activity_value_vnd) as decimal(38, 2)) as main_activity_value_vnd
    from complete_years as years
    inner join {{ ref('fct_industry_flows_monthly') }} as months
        on years.year_start = cast(date_trunc('year', months.month) as date)
    where months.vsic_division <> 'unknown'
    group by years.year_start, months.vsic_division

),

-- figures of divisions: what is published for sections or classes would count goods twice
output_figures as (

    select
        figures.period_start as year_start,
        divisions.vsic_division,
        figures.vintage_date,
        cast(figures.value as decimal(38, 2)) as output_vnd,
        {{ grade_letter('figures.evidence_grade') }} as letter
    from {{ ref('int_market__figures') }} as figures
    inner join {{ ref('dim_industry') }} as divisions
        on figures.member_code = divisions.vsic_division
    where
        figures.series_id = 'industry_output'
        and figures.period_kind = 'year'
        and figures.unit_code = 'VND'
        and figures.is_out

),

industries as (

    select
        output_figures.year_start,
        output_figures.vsic_division,
        complete_years.year_start is not null as is_flow_complete,
        case
            when complete_years.year_start is not null
                then coalesce(flows.cross_border_vnd, cast(0 as decimal(38, 2)))
        end as cross_border_vnd,
        case
            when complete_years.year_start is not null
                then coalesce(flows.main_activity_value_vnd, cast(0 as decimal(38, 2)))
        end as main_activity_value_vnd,
        output_figures.output_vnd,
        output_figures.vintage_date,
        output_figures.letter
    from output_figures
    left join complete_years
        on output_figures.year_start = complete_years.year_start
    left join flows
        on output_figures.year_start = flows.year_start
        and output_figures.vsic_division = flows.vsic_division

    union all

    select
        flows.year_start,
        flows.vsic_division,
        true as is_flow_complete,
        flows.cross_border_vnd,
        flows.main_activity_value_vnd,
        cast(null as decimal(38, 2)) as output_vnd,
        cast(null as date) as vintage_date,
        cast(null as string) as letter
    from flows
    left join output_figures
        on flows.year_start = output_figures.year_start
        and flows.vsic_division = output_figures.vsic_division
    where output_figures.vsic_division is null

),

rated as (

    select
        industries.*,
        {{ percent_in_full('cross_border_vnd', 'output_vnd') }} as exposure_percent
    from industries

),

ranked as (

    select
        rated.*,
        case
            when exposure_percent is not null
                then cast(
                    row_number() over (
                        partition by year_start
                        order by exposure_percent desc nulls last, vsic_division asc nulls last
                    ) as bigint
                )
        end as exposure_rank,
        count(exposure_percent) over (partition by year_start) as ranked_industries
    from rated

)

select
    ranked.year_start,
    ranked.vsic_division,
    ranked.cross_border_vnd,
    ranked.main_activity_value_vnd,
    ranked.output_vnd,
    ranked.exposure_percent,
    ranked.exposure_rank,
    ranked.ranked_industries,
    cast(
        floor((ranked.exposure_rank - 1) * years.band_count / cast(ranked.ranked_industries as double))
        as bigint
    ) + 1 as exposure_band,
    years.band_count,
    ranked.vintage_date,
    {{ grade_of_letter('ranked.letter') }} as evidence_grade,
    case
        when ranked.output_vnd is null then 'output_missing'
        when not ranked.is_flow_complete then 'flows_incomplete'
        when ranked.output_vnd = 0 then 'denominator_zero'
        when ranked.exposure_percent is null then 'beyond_scale'
    end as reason_code
from ranked
left join {{ ref('int_exposure__years') }} as years
    on ranked.year_start = years.year_start
