-- One row per consignment with its tax: everything is looked up and computed in one pass.
create temp table consignments as
with unioned as (
    select
        case when waybill_level = 'master' then 'M-' else 'P-' end
            || house_waybill_number as consignment_id,
        case when waybill_level = 'master' then 'master_waybill' else 'parcel' end
            as consignment_kind,
        parcels.* exclude (waybill_level),
        described_waybill is not null as has_low_value_declaration,
        low_value_declared_value_vnd, 'parcel_manifest' as source
    from parcels
    left join (
        select
            house_waybill_number as described_waybill,
            coalesce(customs_value_vnd, times(declared_value, rate))
                as low_value_declared_value_vnd
        from low_value left join exchange_rates using (currency_code)
        where record_status <> 'cancelled'
    ) as described
        on case when parcels.waybill_level = 'house' then parcels.house_waybill_number end
        = described_waybill
    union all by name
    select
        'L-' || house_waybill_number as consignment_id,
        'low_value_declaration' as consignment_kind, 'express' as channel, lone_low_value.*,
        true as has_low_value_declaration,
        coalesce(stated_value_vnd, times(declared_value, rate)) as low_value_declared_value_vnd,
        'low_value_declaration' as source
    from lone_low_value left join exchange_rates using (currency_code)
    union all by name
    select
        'D-' || declaration_number || '-' || line_number as consignment_id,
        'declaration_line' as consignment_kind, lines.*, false as has_low_value_declaration,
        coalesce(lines.house_waybill_number in (
            select house_waybill_number from parcels
            where record_status <> 'cancelled' and waybill_level = 'house'
        ), false) as is_described_by_parcel,
        'customs_declaration' as source
    from lines
),

rated as (
    select
        unioned.* exclude (platform_code, consignee_province_code, item_description),
        coalesce(platforms.platform_code, unioned.platform_code, 'unstated') as platform_code,
        case when coalesce(unioned.platform_code, 'unstated') = 'unstated' then 'unstated'
            else coalesce(platforms.platform_status, 'unregistered') end as platform_status,
        coalesce(provinces.province_code, 'unknown') as consignee_province_code,
        goods.* exclude (code_key, description_key),
        rates.rate as exchange_rate_vnd,
        coalesce(stated_value_vnd, times(declared_value, rates.rate)) as value_vnd,
        coalesce(low_value_declared_value_vnd, value_vnd) as customs_value_vnd,
        coalesce(destination_country_code, rule('HOME_COUNTRY')) as importing_country_code,
        record_status <> 'cancelled' and consignment_kind <> 'master_waybill' as is_active,
        coalesce(duty_rate_percent, chapter_rate_percent) as rate_percent,
        case when duty_rate_percent is not null then 'declared'
            else 'approximate_chapter_average' end as duty_rate_basis,
        case channel
            when 'express' then rule_number('DUTY_RELIEF_CHANNEL_EXPRESS') = 1
            when 'postal' then rule_number('DUTY_RELIEF_CHANNEL_POSTAL') = 1
        end as has_duty_relief,
        case channel
            when 'express' then rule_number('VAT_RELIEF_CHANNEL_EXPRESS') = 1
            when 'postal' then rule_number('VAT_RELIEF_CHANNEL_POSTAL') = 1
        end as has_vat_relief,
        is_active and not coalesce(is_described_by_parcel, false) and channel = 'express'
            and importing_country_code = rule('HOME_COUNTRY') and consignee_party_key <> 'none'
            and rule_number('AGGREGATE_SAME_OWNER_EXPRESS') = 1 as may_be_in_lot
    from unioned
    left join platforms on unioned.platform_code = platforms.stated_code
    inner join goods
        on coalesce(unioned.hs_code, '') = code_key
        and coalesce(unioned.item_description, '') = description_key
    left join exchange_rates as rates using (currency_code)
    left join provinces on unioned.consignee_province_code = provinces.province_code
),

-- several parcels of one owner under one master bill, together above the limit, lose the relief
owners as (
    select
        consignee_party_id, master_waybill_number, true as may_be_in_lot,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as lot_value_vnd
    from rated
    where may_be_in_lot and master_waybill_number is not null
    group by all
    having count(*) > 1 and sum(customs_value_vnd) > rule_vnd('AGGREGATE_SAME_OWNER')
),

lots as (
    select
        rated.* exclude (has_duty_relief), lot_value_vnd,
        has_duty_relief and lot_value_vnd is null as has_duty_relief
    from rated
    left join owners using (consignee_party_id, master_waybill_number, may_be_in_lot)
),

relieved as (
    select
        *,
        percent(customs_value_vnd, rate_percent) as full_duty_vnd,
        coalesce(has_duty_relief and (customs_value_vnd <= rule_vnd('DUTY_RELIEF_VALUE')
            or full_duty_vnd <= rule_vnd('DUTY_RELIEF_TAX')), false) as is_relieved_if_either,
        coalesce(has_duty_relief and customs_value_vnd <= rule_vnd('DUTY_RELIEF_VALUE')
            and full_duty_vnd <= rule_vnd('DUTY_RELIEF_TAX'), false) as is_relieved_if_both,
        coalesce(has_vat_relief and customs_value_vnd <= rule_vnd('VAT_RELIEF_EXPRESS'), false)
            as is_vat_relieved
    from lots
),

dutiable as (
    select
        *,
        case rule('DUTY_RELIEF_READING') when 'and' then is_relieved_if_both
            else is_relieved_if_either end as is_duty_relieved,
        case when full_duty_vnd is not null then cast(0 as decimal(18, 2)) end as no_duty_vnd,
        case when is_relieved_if_either then no_duty_vnd else full_duty_vnd end
            as duty_due_if_either_vnd,
        case when is_relieved_if_both then no_duty_vnd else full_duty_vnd end
            as duty_due_if_both_vnd,
        percent(customs_value_vnd + duty_due_if_either_vnd, vat_rate_percent)
            as vat_if_either_vnd,
        percent(customs_value_vnd + duty_due_if_both_vnd, vat_rate_percent) as vat_if_both_vnd
    from relieved
)

select
    consignment_id, consignment_kind, day, importing_country_code, record_status, is_active,
    version_number, house_waybill_number, master_waybill_number, declaration_number, line_number,
    operator_code, coalesce(channel, 'unknown') as channel, declaration_type_code,
    transport_mode_code, departure_country_code,
    coalesce(customs_office_code, 'unknown') as customs_office_code, platform_code,
    platform_status, platform_order_id, seller_id_platform, declarant_id_key, seller_id_key, consignor_party_id,
    consignor_country_code, consignee_party_id, consignee_party_key, consignee_name_key,
    consignee_id_key, consignee_id_status, consignee_phone_key, consignee_phone_status,
    consignee_address_key, consignee_address_status, consignee_province_code, item_description,
    item_description_folded, hs_code, hs_chapter, hs_heading, hs_basis,
    hs_probability_micro,
    coalesce(nullif(origin_country_code, '*'), 'unknown') as origin_country_code,
    origin_indicator_code, quantity, quantity_unit_code, package_count, net_mass_kg,
    gross_weight_kg, coalesce(net_mass_kg, gross_weight_kg) as mass_kg,
    case when net_mass_kg is not null then 'net' when gross_weight_kg is not null then 'gross'
        else 'unknown' end as mass_basis, declared_value, currency_code, exchange_rate_vnd, value_vnd,
    try_cast(floor(cast(value_vnd as double) / cast(nullif(mass_kg, 0) as double))
        as bigint) as unit_value_vnd_per_kg,
    duty_rate_percent as declared_duty_rate_percent, tariff_schedule_code,
    has_low_value_declaration, low_value_declared_value_vnd, source, warehouse_code,
    is_active and not coalesce(is_described_by_parcel, false) as is_in_flows,
    -- from here on the tax
    is_active and importing_country_code = rule('HOME_COUNTRY') as is_subject,
    customs_value_vnd, rate_percent as duty_rate_percent, duty_rate_basis,
    case when is_duty_relieved then no_duty_vnd else full_duty_vnd end as duty_due_vnd,
    case when is_duty_relieved then full_duty_vnd else no_duty_vnd end as duty_relieved_vnd,
    vat_rate_percent,
    case rule('DUTY_RELIEF_READING') when 'and' then vat_if_both_vnd else vat_if_either_vnd end
        as full_vat_vnd,
    case when full_vat_vnd is not null then cast(0 as decimal(18, 2)) end as no_vat_vnd,
    case when is_vat_relieved then no_vat_vnd else full_vat_vnd end as vat_due_vnd,
    case when is_vat_relieved then full_vat_vnd else no_vat_vnd end as vat_relieved_vnd,
    is_duty_relieved, is_vat_relieved,
    case
        when is_duty_relieved and customs_value_vnd <= rule_vnd('DUTY_RELIEF_VALUE')
            then 'DUTY_RELIEF_VALUE'
        when is_duty_relieved then 'DUTY_RELIEF_TAX'
    end as duty_relief_rule_id,
    vat_rate_rule_id, lot_value_vnd, duty_due_if_either_vnd, duty_due_if_both_vnd,
    case when is_vat_relieved then no_vat_vnd else vat_if_either_vnd end as vat_due_if_either_vnd,
    case when is_vat_relieved then no_vat_vnd else vat_if_both_vnd end as vat_due_if_both_vnd
from dutiable;
drop table parcels;
drop table lone_low_value;
drop table lines;
