-- Who bears the tax on cross-border parcels, and whom its reliefs spare: value, parcels and tax of a
-- month by the income quintile of the province of destination. Provinces are sorted, not persons.
-- What buyers paid less than at domestic prices: fct_consumer_savings_monthly.
with incomes as (

    select * from {{ ref('int_market__province_incomes') }}

),

quintile_incomes as (

    select
        'q' || cast(income_quintile as string) as income_quintile,
        count(*) as province_count,
        cast(floor(cast(sum(income_vnd) as double) / count(*)) as decimal(38, 2)) as income_vnd,
        max(period_start) as income_period_start,
        max(vintage_date) as vintage_date,
        max(grade_letter) as letter
    from incomes
    group by 'q' || cast(income_quintile as string)

),

flows as (

    select
        months.*,
        coalesce('q' || cast(incomes.income_quintile as string), 'unknown') as income_quintile
    from {{ ref('int_burden__own_months') }} as months
    left join incomes on months.province_code = incomes.province_code

),

quintiles as (

    select
        month,
        income_quintile,
        max(days_covered) as days_covered,
        max(days_in_month) as days_in_month,
        cast(sum(consignments) as bigint) as consignments,
        cast(sum(consignments_without_value) as bigint) as consignments_without_value,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
        cast(sum(duty_due_vnd) as decimal(38, 2)) as duty_due_vnd,
        cast(sum(vat_due_vnd) as decimal(38, 2)) as vat_due_vnd,
        cast(sum(duty_relieved_vnd) as decimal(38, 2)) as duty_relieved_vnd,
        cast(sum(vat_relieved_vnd) as decimal(38, 2)) as vat_relieved_vnd
    from flows
    group by month, income_quintile

),

totals as (

    select
        quintiles.*,
        cast(duty_due_vnd + vat_due_vnd as decimal(38, 2)) as tax_due_vnd,
        cast(duty_relieved_vnd + vat_relieved_vnd as decimal(38, 2)) as tax_relieved_vnd,
        consignments - consignments_without_value as consignments_with_value,
        cast(sum(customs_value_vnd) over (partition by month) as decimal(38, 2))
            as total_customs_value_vnd
    from quintiles

),

rated as (

    select
        totals.*,
        incomes.province_count,
        incomes.income_vnd,
        incomes.income_period_start,
        incomes.vintage_date,
        incomes.letter,
        {{ whole_number(
            'cast(tax_due_vnd as double) / cast(nullif(consignments_with_value, 0) as double)'
        ) }} as tax_due_per_consignment_vnd
    from totals
    left join quintile_incomes as incomes
        on totals.income_quintile = incomes.income_quintile

)

select
    month,
    income_quintile,
    days_covered,
    days_in_month,
    days_covered = days_in_month as is_complete_month,
    province_count,
    consignments,
    consignments_without_value,
    customs_value_vnd,
    total_customs_value_vnd,
    {{ percent_in_full('customs_value_vnd', 'total_customs_value_vnd') }} as share_of_value_percent,
    duty_due_vnd,
    vat_due_vnd,
    tax_due_vnd,
    duty_relieved_vnd,
    vat_relieved_vnd,
    tax_relieved_vnd,
    {{ percent_in_full('tax_due_vnd', 'customs_value_vnd') }} as tax_due_percent,
    {{ percent_in_full('tax_relieved_vnd', 'customs_value_vnd') }} as tax_relieved_percent,
    cast(tax_due_per_consignment_vnd as decimal(38, 2)) as tax_due_per_consignment_vnd,
    income_vnd,
    {{ percent_in_full('tax_due_per_consignment_vnd', 'income_vnd') }}
        as consignment_tax_to_income_percent,
    income_period_start,
    vintage_date,
    {{ grade_of_letter('letter') }} as evidence_grade,
    case
        when income_quintile = 'unknown' then 'province_income_unknown'
        when customs_value_vnd = 0 then 'total_zero'
    end as reason_code
from rated
