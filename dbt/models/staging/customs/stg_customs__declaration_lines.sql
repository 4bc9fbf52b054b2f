-- The current version of every declaration line, partial amendments merged.
{{ current_records(
    ref('stg_customs__declaration_line_versions'),
    ref('stg_customs__declaration_statement_ranks'),
    'customs_declaration',
    ['declaration_number', 'line_number']
) }}
