{{ config(materialized='whole_table') }}

-- The versions of low-value declarations that came more than once, in their order
-- (macros/version_ranks.sql).
with {{ version_ranks(
    ref('stg_customs__low_value_declaration_versions'),
    ['house_waybill_number'],
    'low_value_declaration'
) }}

select * from version_ranks
