-- Whom and what a consignment goes through, as the profiles name them. A platform numbers its own
-- sellers, so that their key names it; a declaration states its seller itself. What is not stated is
-- nobody, and has no profile of its own.
select
    consignment_id,
    day,
    operator_code as operator_key,
    customs_office_code as office_key,
    platform_code as platform_key,
    platform_code || '|' || origin_country_code || '|' || hs_chapter as platform_origin_chapter_key,
    consignee_province_code as province_key,
    origin_country_code as origin_key,
    coalesce(seller_id_token, platform_code || '|' || seller_id_platform) as seller_key,
    consignor_party_id as sender_key,
    case when consignee_address_status = 'complete' then consignee_address_token end as address_key,
    consignee_party_id as consignee_key,
    declarant_id_token as declarant_key
from {{ ref('fct_consignments') }}
where is_active
