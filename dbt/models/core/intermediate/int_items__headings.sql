{{ config(materialized='whole_table') }}

-- The first three headings of every different goods name, by the table that counts in the period.
{{ item_headings(ref('stg_items__texts'), ref('stg_items__points'), ref('stg_items__periods')) }}
