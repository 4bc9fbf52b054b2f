with source as (

    select * from {{ source('raw', 'market_reference') }}

),

renamed as (

    select
        -- ids
        series_id,
        dimension_code,

        -- period
        period_kind,
        period_start,
        vintage_date,

        -- value
        value,
        unit_code,

        -- where it comes from
        publisher,
        coalesce(evidence_grade, 'U') as evidence_grade,
        source_reference,

        -- lineage
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

),

-- of two files that state one vintage the later received counts
numbered as (

    select
        renamed.*,
        row_number() over (
            partition by series_id, dimension_code, period_kind, period_start, vintage_date
            order by
                received_date desc nulls last,
                source_sha256 desc,
                source_line desc
        ) as reverse_rank
    from renamed

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
