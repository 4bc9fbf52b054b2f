{{ config(materialized='whole_table') }}

-- The order of the versions of every line that came more than once (macros/version_ranks.sql), copies
-- of what a version says about other lines of its declaration included.
with {{ version_ranks(
    ref('stg_customs__declaration_statements'), ['declaration_number', 'line_number'],
    'customs_declaration', may_be_partial=true, passed=['is_copy', 'stated_line_number'],
    compared_within=['statement_kind']
) }}

select * from version_ranks
