with source as (

    select * from {{ source('raw', 'reference_tariff') }}

),

-- one row per code and edition
numbered as (

    select
        hs8,
        description_vi,
        description_en,
        mfn_rate_percent,
        mfn_text,
        acfta_rate_percent,
        as_of_date,
        provenance,
        valid_from,
        valid_to,
        row_number() over (
            partition by hs8, valid_from
            order by
                as_of_date desc nulls last,
                provenance desc nulls last,
                description_vi desc nulls last,
                description_en desc nulls last,
                mfn_rate_percent desc nulls last,
                mfn_text desc nulls last,
                acfta_rate_percent desc nulls last
        ) as reverse_rank
    from source

)

select
    hs8,
    description_vi,
    description_en,
    mfn_rate_percent,
    mfn_text,
    acfta_rate_percent,
    as_of_date,
    provenance,
    valid_from,
    valid_to
from numbered
where reverse_rank = 1
