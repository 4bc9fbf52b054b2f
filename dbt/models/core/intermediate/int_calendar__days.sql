{{ config(materialized='whole_table') }}

-- Days that the run computes. Days in between that nothing touches are not among them.
select day
from {{ source('raw', 'run_day') }}
