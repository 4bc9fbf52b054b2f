{#- Columns of a declaration line that the declaration may state once for all its lines, and the name
    under which `header_fields` lists each. A reader names there what stood above the line. -#}
{% macro shared_fields() -%}
    {{ return({
        'local_reference_number': 'local_reference_number',
        'declaration_type_code': 'declaration_type_code',
        'registered_at': 'registered_at',
        'registered_date': 'registered_at',
        'customs_office_code': 'customs_office_code',
        'importing_country_code': 'importing_country_code',
        'transport_mode_code': 'transport_mode_code',
        'departure_country_code': 'departure_country_code',
        'incoterm_code': 'incoterm_code',
        'importer_id_token': 'importer_id_number',
        'importer_id_status': 'importer_id_number',
        'importer_name_token': 'importer_name',
        'importer_phone_token': 'importer_phone',
        'importer_phone_status': 'importer_phone',
        'importer_address_token': 'importer_address',
        'importer_address_status': 'importer_address',
        'importer_province_code': 'importer_address',
        'declarant_id_token': 'declarant_id_number',
        'seller_id_token': 'seller_id_number',
        'consignor_name_token': 'consignor_name',
        'consignor_phone_token': 'consignor_phone',
        'consignor_phone_status': 'consignor_phone',
        'consignor_address_token': 'consignor_address',
        'consignor_address_status': 'consignor_address',
        'consignor_country_code': 'consignor_country_code',
        'house_waybill_number': 'house_waybill_number',
        'master_waybill_number': 'master_waybill_number',
        'previous_documents': 'previous_documents',
        'total_package_count': 'total_package_count',
        'total_gross_weight': 'total_gross_weight',
        'total_gross_weight_unit_code': 'total_gross_weight_unit_code',
    }) }}
{%- endmacro %}

{#- `alias`.`column` where header_fields names it, else null of the same type. -#}
{% macro shared_value(alias, column) -%}
    {%- set name = shared_fields().get(column) -%}
    {%- if name -%}
    case when ';' || {{ alias }}.header_fields || ';' like '%;{{ name }};%'
        then {{ alias }}.{{ column }} end
    {%- else -%}
    case when false then {{ alias }}.{{ column }} end
    {%- endif -%}
{%- endmacro %}

{#- The select list of a copy of `alias` for another line, after line_number, is_copy, record_status
    and is_partial. -#}
{% macro copied(alias) -%}
        {{ alias }}.declaration_number,
        {{ alias }}.version_number,
        {{ alias }}.day,
        {{ alias }}.day_basis,
        {{ alias }}.sender,
        {{ alias }}.received_date,
        {{ alias }}.source_sha256,
        {{ alias }}.source_line,
        {%- for column in content_columns('customs_declaration') %}
        {{ shared_value(alias, column) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
