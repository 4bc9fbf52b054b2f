-- Cross-border flows by commodity and quarter or year: only periods whose months are all complete.
{% set months_of = {'quarter': 3, 'year': 12} %}
with months as (

    select
        months.*,
        case dimension when 'total' then 'all' else member_code end as commodity_code
    from {{ ref('int_flows__months') }} as months
    where
        dimension in ('total', 'hs2', 'hs4')
        and is_complete_month

),

periods as (
    {% for kind, count_of_months in months_of.items() %}
    select
        '{{ kind }}' as period_kind,
        cast(date_trunc('{{ kind }}', month) as date) as period_start,
        dimension
    from months
    group by cast(date_trunc('{{ kind }}', month) as date), dimension
    having count(distinct month) = {{ count_of_months }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    periods.period_kind,
    periods.period_start,
    periods.dimension,
    months.commodity_code,
    cast(sum(months.customs_value_vnd) as decimal(38, 2)) as cross_border_vnd,
    cast(sum(months.value_in_trade_statistics_vnd) as decimal(38, 2))
        as cross_border_in_statistics_vnd
from periods
inner join months
    on periods.dimension = months.dimension
    and periods.period_start = case periods.period_kind
        when 'quarter' then cast(date_trunc('quarter', months.month) as date)
        else cast(date_trunc('year', months.month) as date)
    end
group by periods.period_kind, periods.period_start, periods.dimension, months.commodity_code
