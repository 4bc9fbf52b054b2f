with source as (

    select * from {{ source('raw', 'item_text') }}

)

select
    text_id,
    period_no,
    item_description_folded,
    terms
from source
