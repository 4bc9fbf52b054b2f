{{ config(materialized='day_window') }}
-- Owners whose receipts of one sender pass the limit over several days, as each day ended.
with {{ split_over_days_parameters() }}

select splits.*
from (
    {{ split_over_days('parameters') }}
) as splits
