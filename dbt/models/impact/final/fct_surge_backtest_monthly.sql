-- Back-test of the surge warning: the warnings of a month beside the official actions of the months
-- after it, heading by heading; of the month alone, and of all months up to it. What nobody told of
-- the horizon leaves the figures null: no action delivered is not no action.
with months as (

    select * from {{ ref('int_surge__backtest_months') }}

),

spans as (

    select
        months.month,
        'month' as span,
        months.month as counted_month,
        months.months_told,
        months.months_told = months.horizon_months as is_counted
    from months

    union all

    select
        ends.month,
        'to_date' as span,
        parts.month as counted_month,
        parts.months_told,
        parts.months_told = parts.horizon_months as is_counted
    from months as ends
    inner join months as parts
        on ends.month >= parts.month

),

told as (

    select
        month,
        span,
        cast(sum(case when is_counted then 1 else 0 end) as bigint) as months_counted,
        max(months_told) as most_told
    from spans
    group by month, span

),

headings as (

    select
        spans.month,
        spans.span,
        parts.is_looked_at,
        parts.is_warned,
        parts.lead_months
    from spans
    inner join {{ ref('int_surge__backtest_headings') }} as parts
        on spans.counted_month = parts.month

),

counts as (

    select
        month,
        span,
        {% for name, condition in {
            'warned_acted_count': 'is_warned and lead_months is not null',
            'warned_not_acted_count': 'is_warned and lead_months is null',
            'acted_not_warned_count': 'is_looked_at and not is_warned and lead_months is not null',
            'neither_count': 'is_looked_at and not is_warned and lead_months is null',
            'acted_not_looked_at_count': 'not is_looked_at',
        }.items() %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from headings
    group by month, span

),

leads as (

    select month, span, lead_months
    from headings
    where is_warned

),

medians as (

    {{ twice_the_median('leads', ['month', 'span'], 'lead_months', 'lead_twice') }}

),

joined as (

    select
        told.month,
        told.span,
        months.horizon_months,
        told.months_counted,
        told.most_told,
        counts.warned_acted_count,
        counts.warned_not_acted_count,
        counts.acted_not_warned_count,
        counts.neither_count,
        counts.acted_not_looked_at_count,
        counts.warned_acted_count + counts.warned_not_acted_count as warned_count,
        counts.warned_acted_count + counts.acted_not_warned_count
        + counts.acted_not_looked_at_count as acted_count,
        medians.lead_twice
    from told
    inner join months on told.month = months.month
    left join counts
        on told.month = counts.month
        and told.span = counts.span
    left join medians
        on told.month = medians.month
        and told.span = medians.span

)

select
    month,
    span,
    horizon_months,
    months_counted,
    warned_acted_count,
    warned_not_acted_count,
    acted_not_warned_count,
    neither_count,
    acted_not_looked_at_count,
    {{ percent_in_full('warned_acted_count', 'warned_count') }} as precision_percent,
    {{ percent_in_full('warned_acted_count', 'acted_count') }} as recall_percent,
    cast(lead_twice / 2.0 as decimal(9, 1)) as median_lead_months,
    cast({{ share_in_millionths('warned_count', 'months_counted') }} / 1e6 as decimal(18, 6))
        as warnings_per_month,
    case
        when months_counted = 0 and most_told = 0 then 'actions_missing'
        when months_counted = 0 then 'actions_incomplete'
        when warned_count = 0 then 'no_warning'
        when acted_count = 0 then 'no_action'
        when warned_acted_count = 0 then 'no_warning_followed'
    end as reason_code
from joined
