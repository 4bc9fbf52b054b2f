{{ config(materialized='day_window') }}
-- Mergeable: days add up, so a look-back of any length needs no consignment again. A bucket is
-- stored as the log price of its lower edge, so days with different bucket widths still merge.
with priced as (

    select
        subjects.day,
        subjects.hs_chapter,
        subjects.hs_heading,
        subjects.origin_country_code,
        floor(
            ln(cast(subjects.unit_value_vnd_per_kg as double))
            / cast(parameters.price_log_bucket as double)
        ) * cast(parameters.price_log_bucket as double) as log_price
    from {{ ref('int_risk__subjects') }} as subjects
    inner join {{ ref('int_risk__parameters') }} as parameters
        on subjects.day = parameters.day
    where
        subjects.unit_value_vnd_per_kg > 0
        and subjects.hs_chapter <> 'unknown'
        and parameters.price_log_bucket > 0

)

select
    day,
    hs_chapter,
    hs_heading,
    origin_country_code,
    {{ fixed_point('log_price') }} as log_price_micro,
    count(*) as consignment_count
from priced
group by
    day,
    hs_chapter,
    hs_heading,
    origin_country_code,
    {{ fixed_point('log_price') }}
