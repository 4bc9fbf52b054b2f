with source as (

    select * from {{ source('raw', 'item_spelling') }}

)

select
    text_id,
    item_description_folded,
    words,
    word_keys,
    joined_words
from source
