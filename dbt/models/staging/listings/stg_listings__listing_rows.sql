-- Every row as delivered. Which of several counts is told later (core): two spellings of a platform
-- are one, and only the list of aliases knows.
with source as (

    select * from {{ source('raw', 'listing_observation') }}

),

renamed as (

    select
        -- ids
        platform_code_folded as platform_code,
        listing_id,
        observed_at,
        day,

        -- who offers, and where
        channel_kind,
        seller_code,
        seller_name_token,
        session_id,

        -- goods
        product_title,
        product_title_folded,
        brand,
        category,
        gtin,
        origin_stated,

        -- price
        price,
        list_price,
        currency_code,
        price_kind,
        is_tax_included,
        is_delivery_included,

        -- promotion
        promotion_text,
        promotion_from,
        promotion_to,

        -- counts shown
        stock_sold_total,
        rating_count,
        url,

        -- lineage
        _sender as sender,
        _received_date as received_date,
        _src_sha as source_sha256,
        _src_line as source_line
    from source

)

select * from renamed
