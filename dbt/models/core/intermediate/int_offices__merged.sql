{{ config(materialized='ephemeral') }}

-- Seeded key offices, and the list loaded on site over them.
with seeded as (

    select * from {{ ref('customs_offices') }}

),

loaded as (

    select * from {{ ref('stg_reference__customs_offices') }}

)

select
    coalesce(loaded.customs_office_code, seeded.customs_office_code) as customs_office_code,
    coalesce(loaded.name_vi, seeded.name_vi) as name_vi,
    seeded.name_en,
    coalesce(loaded.department_code, seeded.department_code) as department_code,
    coalesce(loaded.is_express_or_postal, seeded.is_express_or_postal) as is_express_or_postal,
    case when loaded.customs_office_code is null then 'seed' else 'loaded' end as name_source
from seeded
full outer join loaded
    on seeded.customs_office_code = loaded.customs_office_code
