-- the last publication of a period counts; earlier vintages stay in stg_market__reference_vintages
with numbered as (

    select
        vintages.*,
        row_number() over (
            partition by series_id, dimension_code, period_kind, period_start
            order by vintage_date desc nulls last
        ) as reverse_rank
    from {{ ref('stg_market__reference_vintages') }} as vintages

)

select
    series_id,
    dimension_code,
    period_kind,
    period_start,
    vintage_date,
    value,
    unit_code,
    publisher,
    evidence_grade,
    source_reference,
    received_date,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1
