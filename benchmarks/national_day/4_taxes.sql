-- Duty and VAT rates per chapter and heading (no tariff lines are delivered: chapter averages).
create temp table duty_rates as
select hs_chapter, cast(mfn_rate_percent as decimal(9, 3)) as rate
from read_csv(
    getvariable('seeds') || '/reference/tariff_chapter_rates.csv', all_varchar = true);
create temp table exclusions as
select distinct hs_prefix
from read_csv(
    getvariable('seeds') || '/rules/vat_reduction_exclusions.csv', all_varchar = true)
where getvariable('day') between cast(valid_from as date)
    and coalesce(cast(valid_to as date), date '9999-12-31');

create table core.fct_tax_assessments as
with rated as (
    select
        consignment_id, day, channel,
        coalesce(low_value_declared_value_vnd, value_vnd) as customs_value_vnd,
        coalesce(declared_duty_rate_percent, chapter.rate, overall.rate) as duty_rate_percent,
        case
            when declared_duty_rate_percent is not null then 'declared'
            else 'approximate_chapter_average'
        end as duty_rate_basis,
        case
            when rule('VAT_REDUCED') is null
                or consignments.hs_chapter in (from exclusions)
                or consignments.hs_heading in (from exclusions) then rule('VAT_STANDARD')
            else rule('VAT_REDUCED')
        end::decimal(9, 3) as vat_rate_percent,
        case channel
            when 'express' then rule('DUTY_RELIEF_CHANNEL_EXPRESS') = 1
            when 'postal' then rule('DUTY_RELIEF_CHANNEL_POSTAL') = 1
            else false
        end as has_duty_relief,
        case channel
            when 'express' then coalesce(rule('VAT_RELIEF_CHANNEL_EXPRESS') = 1, false)
            when 'postal' then coalesce(rule('VAT_RELIEF_CHANNEL_POSTAL') = 1, false)
            else false
        end as has_vat_relief
    from core.fct_consignments as consignments
    left join duty_rates as chapter using (hs_chapter)
    left join duty_rates as overall on overall.hs_chapter = 'all'
    where is_active and importing_country_code = rule_text('HOME_COUNTRY')
),

relief as (
    select
        *,
        try_cast(customs_value_vnd * duty_rate_percent * 0.01 as decimal(18, 2)) as full_duty_vnd,
        coalesce(has_duty_relief and (
            customs_value_vnd <= rule('DUTY_RELIEF_VALUE')
            or full_duty_vnd <= rule('DUTY_RELIEF_TAX')), false) as relieved_if_either,
        coalesce(has_duty_relief and customs_value_vnd <= rule('DUTY_RELIEF_VALUE')
            and full_duty_vnd <= rule('DUTY_RELIEF_TAX'), false) as relieved_if_both,
        coalesce(has_vat_relief and customs_value_vnd <= rule('VAT_RELIEF_EXPRESS'), false)
            as is_vat_relieved
    from rated
),

assessed as (
    select
        *,
        case rule_text('DUTY_RELIEF_READING') when 'and' then relieved_if_both
            else relieved_if_either end as is_duty_relieved,
        case when relieved_if_either then full_duty_vnd * 0 else full_duty_vnd end
            as duty_due_if_either_vnd,
        case when relieved_if_both then full_duty_vnd * 0 else full_duty_vnd end
            as duty_due_if_both_vnd,
        try_cast((customs_value_vnd + duty_due_if_either_vnd) * vat_rate_percent * 0.01
            as decimal(18, 2)) as vat_if_either_vnd,
        try_cast((customs_value_vnd + duty_due_if_both_vnd) * vat_rate_percent * 0.01
            as decimal(18, 2)) as vat_if_both_vnd,
        case rule_text('DUTY_RELIEF_READING') when 'and' then vat_if_both_vnd
            else vat_if_either_vnd end as full_vat_vnd
    from relief
)

select
    consignment_id, day, customs_value_vnd, duty_rate_percent, duty_rate_basis,
    cast(case when is_duty_relieved then full_duty_vnd * 0 else full_duty_vnd end
        as decimal(18, 2)) as duty_due_vnd,
    cast(case when is_duty_relieved then full_duty_vnd else full_duty_vnd * 0 end
        as decimal(18, 2)) as duty_relieved_vnd,
    vat_rate_percent,
    cast(case when is_vat_relieved then full_vat_vnd * 0 else full_vat_vnd end
        as decimal(18, 2)) as vat_due_vnd,
    cast(case when is_vat_relieved then full_vat_vnd else full_vat_vnd * 0 end
        as decimal(18, 2)) as vat_relieved_vnd,
    is_duty_relieved, is_vat_relieved,
    case
        when is_duty_relieved and customs_value_vnd <= rule('DUTY_RELIEF_VALUE')
            then 'DUTY_RELIEF_VALUE'
        when is_duty_relieved then 'DUTY_RELIEF_TAX'
    end as duty_relief_rule_id,
    cast(duty_due_if_either_vnd as decimal(18, 2)) as duty_due_if_either_vnd,
    cast(duty_due_if_both_vnd as decimal(18, 2)) as duty_due_if_both_vnd,
    cast(case when is_vat_relieved then 0 else vat_if_either_vnd end as decimal(18, 2))
        as vat_due_if_either_vnd,
    cast(case when is_vat_relieved then 0 else vat_if_both_vnd end as decimal(18, 2))
        as vat_due_if_both_vnd
from assessed;

create schema impact;
create table impact.fct_import_flows_daily as
select
    day, platform_code, platform_status, hs_chapter, hs_heading, origin_country_code,
    consignee_province_code as province_code, channel,
    coalesce(operator_code, 'unknown') as operator_code, count(*) as consignments,
    sum(quantity) as quantity, sum(gross_weight_kg) as gross_weight_kg,
    coalesce(sum(value_vnd), 0) as value_vnd,
    coalesce(sum(customs_value_vnd), 0) as customs_value_vnd,
    coalesce(sum(duty_due_vnd), 0) as duty_due_vnd,
    coalesce(sum(duty_relieved_vnd), 0) as duty_relieved_vnd,
    coalesce(sum(vat_due_vnd), 0) as vat_due_vnd,
    coalesce(sum(vat_relieved_vnd), 0) as vat_relieved_vnd,
    count(*) - count(customs_value_vnd) as consignments_without_value,
    count(*) filter (where consignment_kind = 'parcel' and not has_low_value_declaration)
        as parcels_without_declaration,
    coalesce(sum(duty_due_vnd + vat_due_vnd) filter (
        where consignment_kind = 'parcel' and not has_low_value_declaration), 0)
        as tax_due_without_declaration_vnd,
    coalesce(sum(value_vnd - customs_value_vnd) filter (
        where consignment_kind = 'parcel' and value_vnd > customs_value_vnd), 0)
        as value_declared_short_vnd
from core.fct_consignments
inner join core.fct_tax_assessments using (consignment_id, day)
where is_in_flows
group by all;
