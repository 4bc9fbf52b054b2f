with source as (

    select * from {{ source('raw', 'site_parameter') }}

)

select
    parameter_id,
    value,
    valid_from,
    valid_to,
    reason,
    signed_by
from source
