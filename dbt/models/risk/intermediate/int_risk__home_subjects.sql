-- What the law of the home country is about: its indicators read these, and offices select from them.
select
    consignment_id,
    day,
    consignment_kind,
    is_home_import,
    receipt_reference,
    master_waybill_number,
    operator_code,
    sender,
    customs_office_code,
    platform_code,
    platform_status,
    platform_order_id,
    seller_id_platform,
    consignor_party_id,
    consignee_party_id,
    consignee_party_key,
    consignee_name_token,
    consignee_id_token,
    consignee_id_status,
    consignee_phone_token,
    consignee_phone_status,
    consignee_address_token,
    consignee_address_status,
    value_vnd
from {{ ref('int_risk__subjects') }}
where is_home_import
