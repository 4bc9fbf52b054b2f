-- Which edition of each reference list the figures rest on, and which are missing.
select
    reference_kind,
    source_sha256,
    file_name,
    as_of_date,
    row_count,
    provenance,
    owner,
    edition_days,
    is_in_use,
    replaced_sha256
from {{ ref('int_references__editions') }}
