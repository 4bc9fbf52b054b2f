{{ config(materialized='whole_table') }}

-- The versions of parcels that came more than once, in their order (macros/version_ranks.sql): the
-- house waybill itself is later than any line of a house manifest that sums it up.
with {{ version_ranks(
    ref('stg_manifests__parcel_versions'), ['house_waybill_number'], 'parcel_manifest',
    summary_column='is_summary'
) }}

select * from version_ranks
