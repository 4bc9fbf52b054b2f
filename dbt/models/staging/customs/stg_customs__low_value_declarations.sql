-- The current version of every low-value declaration.
{{ current_records(
    ref('stg_customs__low_value_declaration_versions'),
    ref('stg_customs__low_value_declaration_ranks'),
    'low_value_declaration',
    ['house_waybill_number']
) }}
