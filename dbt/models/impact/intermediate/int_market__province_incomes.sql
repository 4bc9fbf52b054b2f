-- Provinces in five groups by what a person earns there, of the latest year that is out: the mean of
-- the province's own quintiles, lowest first, ties by code. The only definition of a quintile: the
-- tax burden and scenarios read it here.
{% set groups = 5 %}
with figures as (

    select
        split_part(member_code, ':', 1) as province_code,
        period_start,
        vintage_date,
        value,
        {{ grade_letter('evidence_grade') }} as letter
    from {{ ref('int_market__figures') }}
    where
        series_id = 'household_income'
        and unit_code = 'VND_PER_PERSON'
        and is_out

),

latest as (

    select max(period_start) as period_start
    from figures

),

means as (

    select
        figures.province_code,
        figures.period_start,
        max(figures.vintage_date) as vintage_date,
        max(figures.letter) as letter,
        cast(floor(cast(sum(figures.value) as double) / count(*)) as bigint) as income_vnd
    from figures
    inner join latest on figures.period_start = latest.period_start
    group by figures.province_code, figures.period_start

)

select
    province_code,
    period_start,
    vintage_date,
    letter as grade_letter,
    income_vnd,
    cast(
        ntile({{ groups }}) over (order by income_vnd asc nulls last, province_code asc nulls last)
        as bigint
    ) as income_quintile
from means
