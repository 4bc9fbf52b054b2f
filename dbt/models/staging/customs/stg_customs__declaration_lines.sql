-- The current version of every declaration line. A partial amendment states only what changes:
-- each column is the last non-null one since the last complete version. A partial amendment whose
-- original has not arrived is left out here and counted in fct_reconciliation.
{% set stated_columns = [
    'local_reference_number',
    'house_waybill_number',
    'master_waybill_number',
    'declaration_type_code',
    'procedure_code',
    'additional_procedure_codes',
    'process_type_code',
    'import_use_code',
    'payment_method_code',
    'customs_office_code',
    'importing_country_code',
    'transport_mode_code',
    'departure_country_code',
    'origin_country_code',
    'origin_indicator_code',
    'tariff_schedule_code',
    'incoterm_code',
    'operator_code',
    'importer_id_token',
    'importer_id_status',
    'importer_name_token',
    'importer_phone_token',
    'importer_phone_status',
    'importer_address_token',
    'importer_address_status',
    'declarant_id_token',
    'seller_id_token',
    'consignor_name_token',
    'consignor_phone_token',
    'consignor_phone_status',
    'consignor_address_token',
    'consignor_address_status',
    'consignor_country_code',
    'hs_code',
    'item_description',
    'item_description_folded',
    'quantity',
    'quantity_unit_code',
    'net_mass_kg',
    'gross_weight_kg',
    'package_count',
    'declared_value',
    'currency_code',
    'duty_rate_percent',
    'previous_documents',
    'registered_at',
    'registered_date',
] %}

with versions as (

    select * from {{ ref('stg_customs__declaration_line_versions') }}

),

ranks as (

    select * from {{ ref('stg_customs__declaration_line_ranks') }}

),

repeated as (

    select
        ranks.declaration_number as current_declaration_number,
        ranks.version_rank,
        ranks.version_count,
        ranks.is_since_complete,
        ranks.current_day,
        versions.*
    from ranks
    inner join versions
        on ranks.source_sha256 = versions.source_sha256
        and ranks.source_line = versions.source_line
        and ranks.line_number = versions.line_number
    where not ranks.is_waiting

),

merged as (

    select
        current_declaration_number as declaration_number,
        line_number,
        max_by(version_number, version_rank) filter (
            where version_number is not null
        ) as version_number,
        max_by(record_status, version_rank) as record_status,
        max(current_day) as day,
        max_by(sender, version_rank) as sender,
        max_by(source_sha256, version_rank) as source_sha256,
        max_by(source_line, version_rank) as source_line,
        max(version_count) as version_count,
        {%- for column in stated_columns %}
        max_by({{ column }}, version_rank) filter (
            where is_since_complete and {{ column }} is not null
        ) as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from repeated
    group by current_declaration_number, line_number

),

untouched as (

    select
        versions.declaration_number,
        versions.line_number,
        versions.version_number,
        versions.record_status,
        versions.day,
        versions.sender,
        versions.source_sha256,
        versions.source_line,
        1 as version_count,
        {%- for column in stated_columns %}
        versions.{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from versions
    left join ranks
        on versions.source_sha256 = ranks.source_sha256
        and versions.source_line = ranks.source_line
        and versions.line_number = ranks.line_number
    where ranks.version_rank is null

)

select * from untouched
union all
select * from merged
