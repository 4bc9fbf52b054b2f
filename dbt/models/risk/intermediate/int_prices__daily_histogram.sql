{{ config(materialized='day_window') }}
-- Mergeable: days add up, so a look-back of any length needs no consignment again. A bucket is
-- stored as the log price of its lower edge, so days with different bucket widths still merge.
with priced as (

    select
        items.day,
        items.hs_chapter,
        items.hs_heading,
        items.origin_country_code,
        items.valuation_currency_code,
        floor(
            ln({{ from_thousandths('cast(items.unit_value_milli_per_kg as double)') }})
            / cast(parameters.price_log_bucket as double)
        ) * cast(parameters.price_log_bucket as double) as log_price
    from {{ ref('int_risk__items') }} as items
    inner join {{ ref('int_risk__parameters') }} as parameters
        on items.day = parameters.day
    where
        items.is_home_import
        and items.unit_value_milli_per_kg > 0
        and items.hs_chapter <> 'unknown'
        and parameters.price_log_bucket > 0

)

select
    day,
    hs_chapter,
    hs_heading,
    origin_country_code,
    valuation_currency_code,
    {{ fixed_point('log_price') }} as log_price_micro,
    count(*) as consignment_count
from priced
group by
    day,
    hs_chapter,
    hs_heading,
    origin_country_code,
    valuation_currency_code,
    {{ fixed_point('log_price') }}
