-- Headings that the warning looked at, and headings that were acted upon within the horizon, of months
-- whose horizon was told of whole: was there a warning, and how many months later the first action.
-- An action of the month itself or before is none that follows.
{% set heading_digits = 4 %}
with months as (

    select *
    from {{ ref('int_surge__backtest_months') }}
    where months_told = horizon_months

),

looked_at as (

    select
        alerts.month,
        alerts.hs_heading,
        max(case when alerts.is_alert then 1 else 0 end) = 1 as is_warned
    from {{ ref('fct_surge_alerts_monthly') }} as alerts
    inner join months on alerts.month = months.month
    group by alerts.month, alerts.hs_heading

),

actions as (

    select
        member_code as hs_heading,
        {{ month_number('period_start') }} as month_no
    from {{ ref('int_market__figures') }}
    where
        series_id = 'official_actions'
        and period_kind = 'month'
        and unit_code = 'COUNT'
        and is_out
        and value > 0
        and length(member_code) = {{ heading_digits }}

),

followed as (

    select
        months.month,
        actions.hs_heading,
        cast(min(actions.month_no) - months.month_no as bigint) as lead_months
    from months
    inner join actions
        on actions.month_no between months.month_no + 1 and months.month_no + months.horizon_months
    group by months.month, months.month_no, actions.hs_heading

),

headings as (

    select month, hs_heading from looked_at

    union

    select month, hs_heading from followed

)

select
    headings.month,
    headings.hs_heading,
    looked_at.hs_heading is not null as is_looked_at,
    coalesce(looked_at.is_warned, false) as is_warned,
    followed.lead_months
from headings
left join looked_at
    on headings.month = looked_at.month
    and headings.hs_heading = looked_at.hs_heading
left join followed
    on headings.month = followed.month
    and headings.hs_heading = followed.hs_heading
