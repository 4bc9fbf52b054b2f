with source as (

    select * from {{ source('raw', 'reference_province') }}

),

-- loaded twice: the newest list counts
numbered as (

    select
        old_province_code,
        old_name_vi,
        province_code,
        name_vi,
        as_of_date,
        provenance,
        row_number() over (
            partition by old_province_code
            order by
                as_of_date desc nulls last,
                provenance desc nulls last,
                old_name_vi desc nulls last,
                province_code desc nulls last,
                name_vi desc nulls last
        ) as reverse_rank
    from source

)

select
    old_province_code,
    old_name_vi,
    province_code,
    name_vi,
    as_of_date,
    provenance
from numbered
where reverse_rank = 1
