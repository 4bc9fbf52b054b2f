-- The delivered CSV files with the stated types of their columns: what limit.sql and expert/ read.
create temp view manifest_file as
from read_csv(
    getvariable('deliveries') || '/parcel_manifest_*.csv', header = true, auto_detect = false,
    columns = {
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
    });

create temp view low_value_file as
from read_csv(
    getvariable('deliveries') || '/low_value_declaration_*.csv', header = true, auto_detect = false,
    columns = {
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
    });

create temp view declaration_file as
from read_csv(
    getvariable('deliveries') || '/customs_declaration_*.csv', header = true, auto_detect = false,
    columns = {
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
    });
