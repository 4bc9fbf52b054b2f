-- The marts of consignments, goods, taxes and flows, from the one wide table.
copy (
    select * exclude (
        is_subject, customs_value_vnd, duty_rate_percent, duty_rate_basis, duty_due_vnd,
        duty_relieved_vnd, vat_rate_percent, full_vat_vnd, no_vat_vnd, vat_due_vnd,
        vat_relieved_vnd, is_duty_relieved, is_vat_relieved, duty_relief_rule_id,
        vat_rate_rule_id, lot_value_vnd, duty_due_if_either_vnd, duty_due_if_both_vnd,
        vat_due_if_either_vnd, vat_due_if_both_vnd)
    from consignments
)
to (getvariable('marts') || '/core.fct_consignments.parquet') (format parquet, compression zstd);
copy (
    select
        consignment_id, day, coalesce(line_number, 1) as item_number, is_active, is_in_flows,
        importing_country_code, channel,
        case
            when consignee_id_status = 'tax_code' then 'business'
            when consignee_id_status = 'personal_id' then 'consumer'
            when consignment_kind = 'declaration_line' then 'business'
            else 'consumer'
        end as trade_level,
        item_description, item_description_folded, hs_code, hs_chapter, hs_heading, hs_basis,
        hs_probability_micro, origin_country_code, origin_indicator_code,
        departure_country_code, tariff_schedule_code, declared_duty_rate_percent, quantity,
        quantity_unit_code, mass_kg, mass_basis, value_vnd,
        coalesce(value_vnd, declared_value) as valuation_value,
        case when value_vnd is null then coalesce(currency_code, 'unknown') else 'VND' end
            as valuation_currency_code,
        try_cast(floor(cast(valuation_value as double) / nullif(mass_kg, 0)::double * 1e3 + 0.5)
            as bigint) as unit_value_milli_per_kg,
        try_cast(floor(cast(valuation_value as double) / nullif(quantity, 0)::double * 1e3 + 0.5)
            as bigint) as unit_value_milli_per_piece
    from consignments
)
to (getvariable('marts') || '/core.fct_consignment_items.parquet')
(format parquet, compression zstd);
copy (
    select
        consignment_id, day, customs_value_vnd, duty_rate_percent, duty_rate_basis, duty_due_vnd,
        duty_relieved_vnd, vat_rate_percent, vat_due_vnd, vat_relieved_vnd, is_duty_relieved,
        is_vat_relieved, duty_relief_rule_id, rule('DUTY_RELIEF_READING') as duty_relief_reading,
        case when is_vat_relieved then 'VAT_RELIEF_EXPRESS' end as vat_relief_rule_id,
        vat_rate_rule_id, lot_value_vnd, duty_due_if_either_vnd, duty_due_if_both_vnd,
        vat_due_if_either_vnd, vat_due_if_both_vnd
    from consignments where is_subject
)
to (getvariable('marts') || '/core.fct_tax_assessments.parquet') (format parquet, compression zstd);
copy (
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
    from consignments
    where is_subject and is_in_flows
    group by all
)
to (getvariable('marts') || '/impact.fct_import_flows_daily.parquet') (format parquet, compression zstd);
