-- The delivered CSV files with stated types; every personal value in one spelling.
create temp table parcels as
select
    house_waybill_number, version_number, record_status,
    coalesce(waybill_level, 'house') as waybill_level, master_waybill_number, operator_code,
    channel, lower(trim(platform_code)) as platform_code, platform_order_id, seller_id_platform,
    customs_office_code, coalesce(importing_country_code, consignee_country_code)
        as importing_country_code,
    transport_mode_code, cast(arrived_at as date) as day, warehouse_code,
    fold(consignor_name) as consignor_name, phone(consignor_phone) as consignor_phone,
    fold(consignor_address) as consignor_address, consignor_country_code,
    fold(consignee_name) as consignee_name, identifier(consignee_id_number) as consignee_id,
    phone(consignee_phone) as consignee_phone,
    phone_status(consignee_phone, phone(consignee_phone)) as consignee_phone_status,
    fold(consignee_address) as consignee_address, consignee_province_code, item_description,
    fold(item_description) as item_description_folded, replace(hs_code, '.', '') as hs_code,
    origin_country_code, quantity, package_count, gross_weight_kg, declared_value, currency_code
from read_csv(
    getvariable('deliveries') || '/parcel_manifest_*.csv',
    header = true, auto_detect = false, columns = {
        house_waybill_number: 'varchar', version_number: 'bigint', record_status: 'varchar',
        waybill_level: 'varchar', master_waybill_number: 'varchar', operator_code: 'varchar',
        channel: 'varchar', platform_code: 'varchar', platform_order_id: 'varchar',
        seller_id_platform: 'varchar', customs_office_code: 'varchar', importing_country_code:
        'varchar', transport_mode_code: 'varchar', arrived_at: 'timestamp', consignor_name:
        'varchar', consignor_phone: 'varchar', consignor_address: 'varchar', consignor_country_code:
        'varchar', consignee_name: 'varchar', consignee_id_number: 'varchar', consignee_phone:
        'varchar', consignee_address: 'varchar', consignee_province_code: 'varchar',
        consignee_country_code: 'varchar', item_description: 'varchar', hs_code: 'varchar',
        origin_country_code: 'varchar', quantity: 'decimal(18,4)', quantity_unit_code: 'varchar',
        package_count: 'bigint', is_piece_count_consistent: 'boolean', gross_weight_kg:
        'decimal(18,4)', declared_value: 'decimal(18,2)', currency_code: 'varchar', warehouse_code:
        'varchar', customs_notes: 'varchar'
    })
where cast(arrived_at as date) = getvariable('day');

create temp table low_value as
select
    house_waybill_number, version_number, record_status, declaration_number,
    master_waybill_number, customs_office_code, operator_code, arrived_on as day, warehouse_code,
    identifier(importer_id_number) as consignee_id, fold(importer_name) as consignee_name,
    phone(importer_phone) as consignee_phone,
    phone_status(importer_phone, phone(importer_phone)) as consignee_phone_status,
    fold(importer_address) as consignee_address, fold(consignor_name) as consignor_name,
    fold(consignor_address) as consignor_address, consignor_country_code, item_description,
    fold(item_description) as item_description_folded, origin_country_code, package_count,
    gross_weight_kg, declared_value, currency_code, customs_value_vnd
from read_csv(
    getvariable('deliveries') || '/low_value_declaration_*.csv',
    header = true, auto_detect = false, columns = {
        house_waybill_number: 'varchar', version_number: 'bigint', record_status: 'varchar',
        declaration_number: 'varchar', master_waybill_number: 'varchar', customs_office_code:
        'varchar', person_kind_code: 'varchar', operator_code: 'varchar', arrived_on: 'date',
        conveyance_reference: 'varchar', loading_place_code: 'varchar', incoterm_code: 'varchar',
        price_kind_code: 'varchar', importer_id_number: 'varchar', importer_name: 'varchar',
        importer_phone: 'varchar', importer_address: 'varchar', consignor_name: 'varchar',
        consignor_address: 'varchar', consignor_country_code: 'varchar', item_description:
        'varchar', origin_country_code: 'varchar', package_count: 'bigint', gross_weight_kg:
        'decimal(18,4)', declared_value: 'decimal(18,4)', currency_code: 'varchar',
        customs_value_vnd: 'decimal(18,2)', warehouse_code: 'varchar', operator_reference: 'varchar'
    })
where arrived_on = getvariable('day');

create temp table lines as
select
    declaration_number, line_number, version_number, record_status, customs_office_code,
    importing_country_code, transport_mode_code, cast(registered_at as date) as day,
    origin_country_code, replace(hs_code, '.', '') as hs_code, item_description,
    fold(item_description) as item_description_folded, quantity, gross_weight_kg, package_count,
    declared_value, currency_code, tariff_schedule_code, duty_rate_percent, operator_code,
    identifier(importer_id_number) as consignee_id, fold(importer_name) as consignee_name,
    phone(importer_phone) as consignee_phone,
    phone_status(importer_phone, phone(importer_phone)) as consignee_phone_status,
    fold(importer_address) as consignee_address, fold(consignor_name) as consignor_name,
    phone(consignor_phone) as consignor_phone, fold(consignor_address) as consignor_address,
    consignor_country_code, house_waybill_number, master_waybill_number
from read_csv(
    getvariable('deliveries') || '/customs_declaration_*.csv',
    header = true, auto_detect = false, columns = {
        declaration_number: 'varchar', line_number: 'bigint', version_number: 'bigint',
        record_status: 'varchar', is_partial: 'boolean', statement_scope: 'varchar', header_fields:
        'varchar', local_reference_number: 'varchar', first_declaration_number: 'varchar',
        branch_number: 'bigint', branch_count: 'bigint', declaration_type_code: 'varchar',
        procedure_code: 'varchar', additional_procedure_codes: 'varchar', process_type_code:
        'varchar', import_use_code: 'varchar', payment_method_code: 'varchar',
        cargo_classification_code: 'varchar', person_kind_code: 'varchar', customs_office_code:
        'varchar', importing_country_code: 'varchar', transport_mode_code: 'varchar', registered_at:
        'timestamp', arrived_on: 'date', conveyance_reference: 'varchar', loading_place_code:
        'varchar', warehouse_code: 'varchar', departure_country_code: 'varchar',
        origin_country_code: 'varchar', origin_indicator_code: 'varchar', hs_code: 'varchar',
        item_description: 'varchar', quantity: 'decimal(18,4)', quantity_unit_code: 'varchar',
        second_quantity: 'decimal(18,4)', second_quantity_unit_code: 'varchar', net_mass_kg:
        'decimal(18,4)', gross_weight_kg: 'decimal(18,4)', package_count: 'bigint', declared_value:
        'decimal(18,4)', currency_code: 'varchar', price_kind_code: 'varchar',
        valuation_method_code: 'varchar', customs_value: 'decimal(18,4)',
        customs_value_currency_code: 'varchar', total_package_count: 'bigint', total_gross_weight:
        'decimal(18,4)', total_gross_weight_unit_code: 'varchar', tariff_schedule_code: 'varchar',
        duty_rate_percent: 'decimal(9,3)', duty_exemption_code: 'varchar', incoterm_code: 'varchar',
        importer_id_number: 'varchar', importer_name: 'varchar', importer_phone: 'varchar',
        importer_address: 'varchar', declarant_id_number: 'varchar', seller_id_number: 'varchar',
        operator_code: 'varchar', consignor_name: 'varchar', consignor_phone: 'varchar',
        consignor_address: 'varchar', consignor_country_code: 'varchar', house_waybill_number:
        'varchar', master_waybill_number: 'varchar', previous_documents: 'varchar'
    })
where cast(registered_at as date) = getvariable('day');

-- Exchange rates of the day: the newest not older than the law's patience.
create temp table exchange_rates as
select
    dimension_code as currency_code,
    cast(arg_max(value, (period_start, vintage_date)) as decimal(18, 6)) as rate
from read_csv(
    getvariable('deliveries') || '/market_reference.csv',
    header = true, auto_detect = false, columns = {
        series_id: 'varchar', dimension_code: 'varchar', period_kind: 'varchar',
        period_start: 'date', value: 'decimal(28,6)', unit_code: 'varchar',
        vintage_date: 'date', publisher: 'varchar'
    })
where series_id = 'exchange_rate' and dimension_code <> rule_text('HOME_CURRENCY')
    and getvariable('day') - period_start between 0 and rule('EXCHANGE_RATE_MAX_AGE')
group by dimension_code
union all
select rule_text('HOME_CURRENCY'), 1;

-- Status of every platform on the day: the last decision, else the last observation.
create temp table aliases as
select alias, platform_code
from read_csv(getvariable('seeds') || '/reference/platform_aliases.csv', all_varchar = true);
create temp table platform_status as
with events as (
    select
        coalesce(aliases.platform_code, lower(trim(registry.platform_code))) as platform_code,
        effects.platform_status, cast(effects.is_binding as boolean) as is_binding,
        (cast(registry.event_date as date), cast(effects.effect_rank as integer)) as moment
    from read_csv(getvariable('deliveries') || '/platform_registry.csv', all_varchar = true)
        as registry
    inner join
        read_csv(getvariable('seeds') || '/rules/platform_event_effects.csv', all_varchar = true)
            as effects using (event_type)
    left join aliases on lower(trim(registry.platform_code)) = aliases.alias
    where cast(registry.event_date as date) <= getvariable('day')
),

decisions as (
    select platform_code, arg_max(platform_status, moment) as decided, max(moment) as decided_at
    from events where is_binding group by platform_code
)

select platform_code, arg_max(platform_status, moment) as platform_status
from events
left join decisions using (platform_code)
where is_binding or decided is null
    or (decided = 'deregistered' and platform_status = 'applying' and moment > decided_at)
group by platform_code;
