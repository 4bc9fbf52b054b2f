with source as (

    select * from {{ source('raw', 'item_name_period') }}

)

select
    period_no,
    model_version,
    valid_from,
    valid_to,
    temperature,
    none_score,
    bound_micro
from source
