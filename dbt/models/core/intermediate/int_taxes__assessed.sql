-- Duty and VAT of every live consignment bound for the home country in the window. Relief from duty
-- and relief from VAT are two rules with dates of their own. Amounts are null without a value.
-- Article 29(2) can be read as either condition (or) or both (and): both results are kept. Of a lot of
-- one owner above the limit no parcel is relieved from duty, under neither reading.
with consignments as (

    select
        consignments.consignment_id,
        consignments.day,
        consignments.platform_code,
        consignments.platform_status,
        consignments.hs_chapter,
        consignments.hs_heading,
        consignments.origin_country_code,
        consignments.consignee_province_code,
        consignments.channel,
        coalesce(consignments.operator_code, 'unknown') as operator_code,
        consignments.quantity,
        consignments.gross_weight_kg,
        consignments.value_vnd,
        consignments.has_low_value_declaration,
        consignments.consignment_kind,
        consignments.is_in_flows,
        rules.duty_relief_value_vnd,
        rules.duty_relief_tax_vnd,
        rules.duty_relief_reading,
        rules.vat_relief_value_vnd,
        lots.lot_value_vnd,
        rates.vat_rate_percent,
        rates.vat_rate_rule_id,
        coalesce(consignments.low_value_declared_value_vnd, consignments.value_vnd)
            as customs_value_vnd,
        coalesce(consignments.declared_duty_rate_percent, rates.duty_rate_percent)
            as duty_rate_percent,
        case
            when consignments.declared_duty_rate_percent is not null then 'declared'
            else rates.duty_rate_basis
        end as duty_rate_basis,
        coalesce(
            case consignments.channel
                when 'express' then rules.duty_relief_express
                when 'postal' then rules.duty_relief_postal
            end, 0
        ) = 1
        and lots.consignment_id is null
        and over_year_limit.consignment_id is null as may_be_duty_relieved,
        coalesce(
            case consignments.channel
                when 'express' then rules.vat_relief_express
                when 'postal' then rules.vat_relief_postal
            end, 0
        ) = 1 as is_vat_relief_channel
    from {{ ref('fct_consignments') }} as consignments
    inner join {{ ref('int_taxes__rules_by_day') }} as rules
        on consignments.day = rules.day
    inner join {{ ref('int_taxes__rates_by_day') }} as rates
        on consignments.day = rates.day
        and case
            when consignments.hs_basis = 'declared' then consignments.hs_code
            else consignments.hs_heading
        end = rates.tariff_key
    left join {{ ref('int_taxes__lots') }} as lots
        on consignments.day = lots.day
        and consignments.consignment_id = lots.consignment_id
    left join {{ ref('int_taxes__over_year_limit') }} as over_year_limit
        on consignments.day = over_year_limit.day
        and consignments.consignment_id = over_year_limit.consignment_id
    where
        consignments.is_active
        and consignments.importing_country_code = rules.home_country_code

),

full_duty as (

    select
        consignments.*,
        {{ percent_of('customs_value_vnd', 'duty_rate_percent') }} as full_duty_vnd
    from consignments

),

relief as (

    select
        full_duty.*,
        coalesce(
            may_be_duty_relieved
            and (
                customs_value_vnd <= duty_relief_value_vnd
                or full_duty_vnd <= duty_relief_tax_vnd
            ), false
        ) as is_relieved_under_or,
        coalesce(
            may_be_duty_relieved
            and customs_value_vnd <= duty_relief_value_vnd
            and full_duty_vnd <= duty_relief_tax_vnd, false
        ) as is_relieved_under_and,
        coalesce(
            is_vat_relief_channel and customs_value_vnd <= vat_relief_value_vnd, false
        ) as is_vat_relieved
    from full_duty

),

readings as (

    select
        relief.*,
        case duty_relief_reading
            when 'and' then is_relieved_under_and
            else is_relieved_under_or
        end as is_duty_relieved,
        full_duty_vnd * case when is_relieved_under_or then 0 else 1 end as duty_under_or_vnd,
        full_duty_vnd * case when is_relieved_under_and then 0 else 1 end as duty_under_and_vnd
    from relief

),

vat as (

    select
        readings.*,
        {{ percent_of('customs_value_vnd + duty_under_or_vnd', 'vat_rate_percent') }}
            as full_vat_under_or_vnd,
        {{ percent_of('customs_value_vnd + duty_under_and_vnd', 'vat_rate_percent') }}
            as full_vat_under_and_vnd
    from readings

)

select
    consignment_id,
    day,
    consignment_kind,
    platform_code,
    platform_status,
    hs_chapter,
    hs_heading,
    origin_country_code,
    consignee_province_code,
    channel,
    operator_code,
    quantity,
    gross_weight_kg,
    value_vnd,
    has_low_value_declaration,
    is_in_flows,

    -- duty
    customs_value_vnd,
    duty_rate_percent,
    duty_rate_basis,
    case when is_duty_relieved then full_duty_vnd * 0 else full_duty_vnd end as duty_due_vnd,
    case when is_duty_relieved then full_duty_vnd else full_duty_vnd * 0 end as duty_relieved_vnd,
    is_duty_relieved,
    case
        when is_duty_relieved and customs_value_vnd <= duty_relief_value_vnd
            then 'DUTY_RELIEF_VALUE'
        when is_duty_relieved then 'DUTY_RELIEF_TAX'
    end as duty_relief_rule_id,
    duty_relief_reading,
    lot_value_vnd,

    -- VAT
    vat_rate_percent,
    vat_rate_rule_id,
    case
        when is_vat_relieved then full_vat_under_or_vnd * 0
        when duty_relief_reading = 'and' then full_vat_under_and_vnd
        else full_vat_under_or_vnd
    end as vat_due_vnd,
    case
        when not is_vat_relieved then full_vat_under_or_vnd * 0
        when duty_relief_reading = 'and' then full_vat_under_and_vnd
        else full_vat_under_or_vnd
    end as vat_relieved_vnd,
    is_vat_relieved,
    case when is_vat_relieved then 'VAT_RELIEF_EXPRESS' end as vat_relief_rule_id,

    -- both readings of the relief
    duty_under_or_vnd,
    duty_under_and_vnd,
    case when is_vat_relieved then full_vat_under_or_vnd * 0 else full_vat_under_or_vnd end
        as vat_under_or_vnd,
    case when is_vat_relieved then full_vat_under_and_vnd * 0 else full_vat_under_and_vnd end
        as vat_under_and_vnd
from vat
