-- Results of scenarios as this home holds them.
select
    {{ scenario_columns() }}
from {{ ref('stg_ingest__scenario_results') }}
