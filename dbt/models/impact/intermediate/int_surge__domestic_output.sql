-- What was made at home lately, as far as figures are out: by commodity, in the months before the end
-- of each window.
select
    months.month,
    figures.member_code as commodity_code,
    max(figures.period_start) as last_period_start,
    cast(sum(figures.value) as decimal(38, 2)) as output_vnd
from {{ ref('int_surge__months') }} as months
inner join {{ ref('int_market__figures') }} as figures
    on months.month >= figures.period_start
    and {{ month_number('figures.period_start') }} > months.month_no - months.output_months
where
    figures.series_id = 'domestic_output'
    and figures.unit_code = 'VND'
    and figures.is_out
    and figures.value > 0
group by months.month, figures.member_code
