{{ config(materialized='day_window') }}

-- Matched pairs, the evidence behind fct_undercutting_monthly: a listing of goods made here and the
-- imported product that it is compared with.
select
    comparisons.month,
    comparisons.hs_heading,
    comparisons.import_name,
    comparisons.origin_country_code,
    listings.platform_code,
    listings.listing_id,
    listings.domestic_name,
    comparisons.match_method,
    comparisons.match_score_percent,
    listings.price_vnd as domestic_price_vnd,
    listings.observations,
    listings.observations_with_tax_unstated,
    try_cast(
        floor(cast(comparisons.landed_value_vnd as double) / cast(comparisons.quantity as double))
        as decimal(18, 2)
    ) as import_price_vnd,
    comparisons.quantity,
    comparisons.consignments,
    comparisons.listings as listings_of_domestic_name,
    comparisons.exclusion_reason
from {{ ref('int_undercutting__comparisons') }} as comparisons
inner join {{ ref('int_undercutting__months') }} as months
    on comparisons.month = months.month
inner join {{ ref('int_undercutting__listing_months') }} as listings
    on comparisons.month = listings.month
    and comparisons.domestic_name = listings.domestic_name
