{{ config(materialized='day_window') }}

-- What goods made here cost a consumer online: the mean of what a listing showed in the month, tax
-- included. Left out: prices after a voucher, which are one buyer's, and prices that say they are
-- without tax. The delivery that a price includes is taken off, because imports carry none. Origin is
-- free text: the ways to write the home country are a seed.
with observed as (

    select
        months.month,
        listings.platform_code,
        listings.listing_id,
        listings.product_title_folded as domestic_name,
        listings.is_tax_included,
        case
            when listings.is_delivery_included
                then listings.price_vnd - months.delivery_cost_vnd
            else listings.price_vnd
        end as price_vnd
    from {{ ref('fct_listing_observations') }} as listings
    left join {{ ref('country_spellings') }} as spelled
        on lower(trim(listings.origin_stated)) = spelled.spelling
    inner join {{ ref('int_undercutting__months') }} as months
        on cast(date_trunc('month', listings.day) as date) = months.month
        and coalesce(spelled.country_code, listings.origin_stated) = months.home_country_code
    where
        {{ in_months_of_window('listings.day') }}
        and listings.price_kind <> 'voucher_applied'
        and coalesce(listings.is_tax_included, true)
        and coalesce(listings.product_title_folded, '') <> ''

)

select
    month,
    platform_code,
    listing_id,
    domestic_name,
    count(*) as observations,
    count(*) - count(is_tax_included) as observations_with_tax_unstated,
    {{ mean_of_money('price_vnd') }} as price_vnd
from observed
where price_vnd > 0
group by month, platform_code, listing_id, domestic_name
