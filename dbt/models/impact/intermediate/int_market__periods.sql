-- Output, exports and imports by commodity and quarter or year, in dong: as published for the period,
-- else added up from its months, else (a year) from its quarters. All of a period, or nothing.
{% set months_of = {'quarter': 3, 'year': 12} %}
{% set quarters_of_year = 4 %}
with figures as (

    select
        series_id,
        member_code as commodity_code,
        period_kind,
        period_start,
        vintage_date,
        value,
        {{ grade_letter('evidence_grade') }} as grade_letter
    from {{ ref('int_market__figures') }}
    where
        series_id in ('domestic_output', 'exports', 'imports')
        and unit_code = 'VND'
        and is_out

),

candidates as (

    select
        series_id, commodity_code, period_kind, period_start, vintage_date, value, grade_letter,
        'published' as basis
    from figures
    where period_kind in ('quarter', 'year')
    {% for kind, months in months_of.items() %}
    union all

    select
        series_id,
        commodity_code,
        '{{ kind }}' as period_kind,
        cast(date_trunc('{{ kind }}', period_start) as date) as period_start,
        max(vintage_date) as vintage_date,
        sum(value) as value,
        max(grade_letter) as grade_letter,
        'months' as basis
    from figures
    where period_kind = 'month'
    group by series_id, commodity_code, cast(date_trunc('{{ kind }}', period_start) as date)
    having count(*) = {{ months }}
    {% endfor %}
    union all

    select
        series_id,
        commodity_code,
        'year' as period_kind,
        cast(date_trunc('year', period_start) as date) as period_start,
        max(vintage_date) as vintage_date,
        sum(value) as value,
        max(grade_letter) as grade_letter,
        'quarters' as basis
    from figures
    where period_kind = 'quarter'
    group by series_id, commodity_code, cast(date_trunc('year', period_start) as date)
    having count(*) = {{ quarters_of_year }}

),

ranked as (

    select
        candidates.*,
        row_number() over (
            partition by series_id, commodity_code, period_kind, period_start
            order by
                case basis when 'published' then 0 when 'months' then 1 else 2 end asc nulls last
        ) as basis_rank
    from candidates

)

select
    series_id,
    commodity_code,
    period_kind,
    period_start,
    vintage_date,
    cast(value as decimal(38, 2)) as value_vnd,
    grade_letter,
    basis
from ranked
where basis_rank = 1
