with source as (

    select * from {{ source('raw', 'item_name_point') }}

)

select
    period_no,
    term,
    hs4,
    points
from source
