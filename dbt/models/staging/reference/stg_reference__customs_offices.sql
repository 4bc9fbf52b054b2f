with source as (

    select * from {{ source('raw', 'reference_customs_office') }}

),

-- loaded twice: the newest list counts
numbered as (

    select
        customs_office_code,
        name_vi,
        department_code,
        is_express_or_postal,
        as_of_date,
        provenance,
        row_number() over (
            partition by customs_office_code
            order by
                as_of_date desc nulls last,
                provenance desc nulls last,
                name_vi desc nulls last,
                department_code desc nulls last,
                is_express_or_postal desc nulls last
        ) as reverse_rank
    from source

)

select
    customs_office_code,
    name_vi,
    department_code,
    is_express_or_postal,
    as_of_date,
    provenance
from numbered
where reverse_rank = 1
