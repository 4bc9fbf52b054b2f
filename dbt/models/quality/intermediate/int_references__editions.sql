{{ config(materialized='ephemeral') }}

-- Editions of reference lists; a list that was never loaded is an edition of the file 'none'.
select
    versions.reference_kind,
    coalesce(versions.source_sha256, 'none') as source_sha256,
    versions.file_name,
    versions.as_of_date,
    versions.row_count,
    versions.provenance,
    versions.owner,
    versions.edition_days,
    versions.is_in_use,
    versions.replaced_sha256
from {{ ref('stg_reference__versions') }} as versions
