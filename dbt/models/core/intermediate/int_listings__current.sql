-- Listings of the window as they were said of last: one row per platform, listing and moment.
-- Platforms by their one name, as consignments have it, so that prices find their parcels.
with named as (

    select
        listings.*,
        coalesce(aliases.platform_code, listings.platform_code) as known_platform_code
    from {{ ref('stg_listings__listing_rows') }} as listings
    left join {{ ref('platform_aliases') }} as aliases on listings.platform_code = aliases.alias
    where listings.day in (select days.day from {{ ref('int_calendar__days') }} as days)

),

numbered as (

    select
        named.*,
        row_number() over (
            partition by named.known_platform_code, named.listing_id, named.observed_at
            order by
                named.received_date desc nulls last,
                named.source_sha256 desc,
                named.source_line desc
        ) as reverse_rank
    from named

)

select
    known_platform_code as platform_code,
    listing_id,
    observed_at,
    day,
    channel_kind,
    seller_code,
    seller_name_token,
    session_id,
    product_title,
    product_title_folded,
    brand,
    category,
    gtin,
    origin_stated,
    price,
    list_price,
    currency_code,
    price_kind,
    is_tax_included,
    is_delivery_included,
    promotion_text,
    promotion_from,
    promotion_to,
    stock_sold_total,
    rating_count,
    url,
    sender,
    source_sha256,
    source_line
from numbered
where reverse_rank = 1
