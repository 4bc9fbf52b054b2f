with source as (

    select * from {{ source('raw', 'reference_specialised_procedure') }}

),

-- loaded twice: the newest list counts
numbered as (

    select
        hs8,
        procedures_vi,
        as_of_date,
        provenance,
        row_number() over (
            partition by hs8
            order by
                as_of_date desc nulls last,
                provenance desc nulls last,
                procedures_vi desc nulls last
        ) as reverse_rank
    from source

)

select
    hs8,
    procedures_vi,
    as_of_date,
    provenance
from numbered
where reverse_rank = 1
