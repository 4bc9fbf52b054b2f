{{ config(materialized='day_window') }}

-- What a visitor saw: no price here is compared with anything. The discount is the advertised one,
-- against the price struck through; the law measures against the price before (Decree 81/2018,
-- art. 7(1)), which only earlier observations tell.
with listings as (

    select
        current_rows.*,
        -- hundredths as whole numbers, which doubles hold exactly up to 90,000,000,000,000
        cast(floor(cast(current_rows.price as double) * 100 + 0.5) as double) as price_hundredths,
        cast(floor(cast(current_rows.list_price as double) * 100 + 0.5) as double)
            as list_price_hundredths,
        rates.exchange_rate_vnd
    from {{ ref('int_listings__current') }} as current_rows
    left join {{ ref('int_market__exchange_rates') }} as rates
        on current_rows.currency_code = rates.currency_code
        and current_rows.day = rates.day

)

select
    -- ids
    platform_code,
    listing_id,
    observed_at,
    day,

    -- who offers, and where
    coalesce(channel_kind, 'unstated') as channel_kind,
    seller_code,
    seller_name_token,
    session_id,

    -- goods
    product_title,
    product_title_folded,
    brand,
    category,
    lpad(gtin, 14, '0') as gtin,
    origin_stated,

    -- price and its level of trade
    price,
    list_price,
    currency_code,
    exchange_rate_vnd,
    {{ value_in_vnd('null', 'price', 'exchange_rate_vnd') }} as price_vnd,
    {{ value_in_vnd('null', 'list_price', 'exchange_rate_vnd') }} as list_price_vnd,
    coalesce(price_kind, 'unstated') as price_kind,
    is_tax_included,
    is_delivery_included,

    -- promotion as advertised
    case
        when list_price >= price
            then
                cast(
                    floor(
                        (list_price_hundredths - price_hundredths) * 10000 / list_price_hundredths
                    ) as bigint
                )
    end as advertised_discount_basis_points,
    promotion_text,
    promotion_from,
    promotion_to,
    cast({{ days_between('promotion_from', 'promotion_to') }} + 1 as bigint) as promotion_days_stated,

    -- counts shown
    stock_sold_total,
    rating_count,
    url,

    -- lineage
    sender,
    source_sha256,
    source_line
from listings
