-- What the state does not receive of a month: what law relieves (policy), and what does not keep the
-- law (compliance). The two are never added up, nor the lines of compliance, which overlap: a parcel
-- without a declaration may be undervalued too. Undervaluation is what random draws say of the whole
-- flow, at the month's effective rate of tax; only draws have an interval. What collection would cost is
-- what the site states for a consignment, times those that the line speaks of; nobody stated it: no cost.
{% set exact = {
    'duty_relieved': ['policy', 'consignments', 'duty_relieved_vnd'],
    'vat_relieved': ['policy', 'consignments', 'vat_relieved_vnd'],
    'undeclared': ['compliance', 'parcels_without_declaration', 'tax_undeclared_vnd'],
    'declared_short': ['compliance', 'consignments', 'cast(null as decimal(38, 2))'],
} %}
with months as (

    select
        cast(date_trunc('month', day) as date) as month,
        count(distinct day) as days_covered,
        cast(sum(consignments) as bigint) as consignments,
        sum(customs_value_vnd) as customs_value_vnd,
        sum(duty_due_vnd + vat_due_vnd) as tax_due_vnd,
        sum(duty_relieved_vnd) as duty_relieved_vnd,
        sum(vat_relieved_vnd) as vat_relieved_vnd,
        cast(sum(parcels_without_declaration) as bigint) as parcels_without_declaration,
        sum(tax_due_without_declaration_vnd) as tax_undeclared_vnd,
        sum(value_declared_short_vnd) as value_short_vnd
    from {{ ref('fct_tax_gap_daily') }}
    group by cast(date_trunc('month', day) as date)

),

-- bounds of the mean shortfall of a consignment in whole dong; the lower is never below nothing
sampled as (

    select
        months.*,
        samples.drawn_count,
        samples.mean_shortfall_vnd,
        case
            when samples.mean_shortfall_vnd is not null
                then greatest(
                    samples.mean_shortfall_vnd
                    - {{ whole_number(normal_quantile() ~ ' * samples.standard_error_vnd') }}, 0
                )
        end as low_shortfall_vnd,
        samples.mean_shortfall_vnd
        + {{ whole_number(normal_quantile() ~ ' * samples.standard_error_vnd') }} as high_shortfall_vnd,
        cast(months.tax_due_vnd as double) / cast(nullif(months.customs_value_vnd, 0) as double)
            as tax_rate
    from months
    left join {{ ref('fct_valuation_sample_monthly') }} as samples
        on months.month = samples.month

),

extrapolated as (

    select
        sampled.*,
        {% for bound in ['mean', 'low', 'high'] %}
        cast(cast(consignments as decimal(19, 0)) * cast({{ bound }}_shortfall_vnd as decimal(19, 0))
            as decimal(38, 2)) as {{ bound }}_value_vnd{{ ',' if not loop.last }}
        {% endfor %}
    from sampled

),

lines as (

    {% for kind, (side, counted, tax) in exact.items() %}
    select
        month,
        days_covered,
        '{{ kind }}' as gap_kind,
        '{{ side }}' as gap_side,
        {{ counted }} as consignments,
        cast(null as bigint) as drawn_count,
        {{ 'value_short_vnd' if kind == 'declared_short' else 'cast(null as decimal(38, 2))' }}
            as value_vnd,
        cast(null as decimal(38, 2)) as value_low_vnd,
        cast(null as decimal(38, 2)) as value_high_vnd,
        {{ tax }} as tax_vnd,
        cast(null as decimal(38, 2)) as tax_low_vnd,
        cast(null as decimal(38, 2)) as tax_high_vnd,
        cast(null as string) as reason_code
    from extrapolated
    union all
    {% endfor %}
    select
        month,
        days_covered,
        'undervalued' as gap_kind,
        'compliance' as gap_side,
        consignments,
        coalesce(drawn_count, 0) as drawn_count,
        mean_value_vnd as value_vnd,
        low_value_vnd as value_low_vnd,
        high_value_vnd as value_high_vnd,
        {% for bound, name in {'mean': 'tax_vnd', 'low': 'tax_low_vnd', 'high': 'tax_high_vnd'}.items() %}
        {{ whole_number('cast(' ~ bound ~ '_value_vnd as double) * tax_rate') }} as {{ name }},
        {% endfor %}
        case when drawn_count is null then 'no_random_draws' end as reason_code
    from extrapolated

),

-- the type leaves room for whole consignments at an amount of the contract
costed as (

    select
        lines.*,
        last_day(lines.month) as month_end,
        cast(cast(lines.consignments as decimal(19, 0)) * costs.cost_vnd as decimal(38, 2))
            as collection_cost_vnd
    from lines
    left join {{ ref('int_revenue__costs') }} as costs
        on lines.month = costs.month

)

select
    month,
    gap_side,
    gap_kind,
    days_covered,
    cast(extract(day from month_end) as bigint) as days_in_month,
    consignments,
    drawn_count,
    cast(value_vnd as decimal(38, 2)) as value_vnd,
    value_low_vnd,
    value_high_vnd,
    cast(tax_vnd as decimal(38, 2)) as tax_vnd,
    cast(tax_low_vnd as decimal(38, 2)) as tax_low_vnd,
    cast(tax_high_vnd as decimal(38, 2)) as tax_high_vnd,
    collection_cost_vnd,
    cast(tax_vnd - collection_cost_vnd as decimal(38, 2)) as tax_net_vnd,
    case when collection_cost_vnd is null then 'not_stated' else 'stated' end as collection_cost_basis,
    reason_code
from costed
