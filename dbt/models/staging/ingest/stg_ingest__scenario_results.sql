with source as (

    select * from {{ source('raw', 'scenario_result') }}

)

select
    {{ scenario_columns() }}
from source
