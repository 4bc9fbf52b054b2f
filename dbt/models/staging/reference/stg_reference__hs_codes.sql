with source as (

    select * from {{ source('raw', 'reference_hs_code') }}

),

-- loaded twice: the newest list counts
numbered as (

    select
        hs_code,
        description_en,
        parent_code,
        level,
        as_of_date,
        provenance,
        row_number() over (
            partition by hs_code
            order by
                as_of_date desc nulls last,
                provenance desc nulls last,
                description_en desc nulls last,
                parent_code desc nulls last,
                level desc nulls last
        ) as reverse_rank
    from source

)

select
    hs_code,
    description_en,
    parent_code,
    level,
    as_of_date,
    provenance
from numbered
where reverse_rank = 1
