{#- The columns of a source in which a sender states something about a record: everything but its
    key, its version and its lineage, under the names of the staging `_versions` model. Two rows
    say the same when they agree in these. Kept here once; a test compares with the contracts. -#}
{% macro content_columns(source_name) -%}
    {% set columns = {
        'parcel_manifest': [
            'master_waybill_number', 'platform_order_id', 'seller_id_platform',
            'waybill_level', 'operator_code', 'channel', 'platform_code', 'customs_office_code',
            'importing_country_code', 'transport_mode_code', 'warehouse_code',
            'consignor_name_token', 'consignor_phone_token', 'consignor_phone_status',
            'consignor_address_token', 'consignor_address_status', 'consignor_country_code',
            'consignee_name_token', 'consignee_id_token', 'consignee_id_status',
            'consignee_phone_token', 'consignee_phone_status', 'consignee_address_token',
            'consignee_address_status', 'consignee_province_code', 'consignee_country_code',
            'item_description', 'item_description_folded', 'hs_code', 'origin_country_code',
            'quantity', 'quantity_unit_code', 'package_count', 'is_piece_count_consistent',
            'gross_weight_kg', 'declared_value', 'currency_code', 'arrived_at', 'arrived_date',
        ],
        'low_value_declaration': [
            'master_waybill_number', 'declaration_number', 'operator_reference',
            'customs_office_code', 'person_kind_code', 'operator_code', 'warehouse_code',
            'consignor_name_token', 'consignor_address_token', 'consignor_address_status',
            'consignor_country_code', 'importer_name_token', 'importer_id_token',
            'importer_id_status', 'importer_phone_token', 'importer_phone_status',
            'importer_address_token', 'importer_address_status', 'importer_province_code',
            'item_description', 'item_description_folded', 'origin_country_code',
            'package_count', 'gross_weight_kg', 'declared_value', 'currency_code',
            'customs_value_vnd', 'arrived_on', 'conveyance_reference', 'loading_place_code',
            'incoterm_code', 'price_kind_code',
        ],
        'customs_declaration': [
            'local_reference_number', 'house_waybill_number', 'master_waybill_number',
            'declaration_type_code', 'procedure_code', 'additional_procedure_codes',
            'process_type_code', 'import_use_code', 'payment_method_code', 'customs_office_code',
            'importing_country_code', 'transport_mode_code', 'departure_country_code',
            'origin_country_code', 'origin_indicator_code', 'tariff_schedule_code',
            'incoterm_code', 'operator_code', 'importer_id_token', 'importer_id_status',
            'importer_name_token', 'importer_phone_token', 'importer_phone_status',
            'importer_address_token', 'importer_address_status', 'importer_province_code',
            'declarant_id_token', 'seller_id_token', 'consignor_name_token',
            'consignor_phone_token', 'consignor_phone_status', 'consignor_address_token',
            'consignor_address_status',
            'consignor_country_code', 'hs_code', 'item_description', 'item_description_folded',
            'quantity', 'quantity_unit_code', 'net_mass_kg', 'gross_weight_kg', 'package_count',
            'declared_value', 'currency_code', 'duty_rate_percent', 'previous_documents',
            'registered_at', 'registered_date', 'first_declaration_number', 'branch_number',
            'branch_count', 'cargo_classification_code', 'person_kind_code', 'arrived_on',
            'conveyance_reference', 'loading_place_code', 'warehouse_code', 'price_kind_code',
            'valuation_method_code', 'customs_value', 'customs_value_currency_code',
            'second_quantity', 'second_quantity_unit_code', 'total_package_count',
            'total_gross_weight', 'total_gross_weight_unit_code', 'duty_exemption_code',
        ],
    } -%}
    {{ return(columns[source_name]) }}
{%- endmacro %}

{#- One text that is equal for two rows exactly when all the columns are (null included). -#}
{% macro content_text(columns, table_alias) -%}
    {%- for column in columns -%}
    {%- set text = 'cast(' ~ table_alias ~ '.' ~ column ~ ' as string)' -%}
    coalesce(cast(length({{ text }}) as string) || ':' || {{ text }}, '-')
    {%- if not loop.last %} || {% endif -%}
    {%- endfor -%}
{%- endmacro %}
