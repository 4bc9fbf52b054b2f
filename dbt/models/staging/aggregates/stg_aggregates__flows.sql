with source as (

    select * from {{ source('raw', 'flow_aggregate') }}

),

renamed as (

    select
        -- ids
        coalesce(platform_code_folded, platform_code) as platform_code,
        channel,
        hs_code,
        product_key,
        origin_country_code,
        province_code,
        quantity_unit_code,

        -- period
        period_kind,
        period_start,
        cast(date_trunc('month', period_start) as date) as month,

        -- measures
        parcels,
        quantity,
        value_vnd,

        -- lineage
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

),

-- a cell that is sent again counts as it was sent last
numbered as (

    select
        renamed.*,
        row_number() over (
            partition by
                platform_code,
                period_kind,
                period_start,
                channel,
                hs_code,
                product_key,
                origin_country_code,
                province_code,
                quantity_unit_code
            order by received_date desc nulls last, source_sha256 desc, source_line desc
        ) as reverse_rank
    from renamed

)

select
    platform_code,
    channel,
    hs_code,
    product_key,
    origin_country_code,
    province_code,
    quantity_unit_code,
    period_kind,
    period_start,
    month,
    parcels,
    quantity,
    value_vnd,
    received_date,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1
