-- The one place that says which records are scored: all that are alive. Whose law applies is stated
-- beside each (home country by day), so that goods for another country are not hidden.
select
    consignments.consignment_id,
    consignments.day,
    consignments.consignment_kind,
    coalesce(consignments.importing_country_code = parameters.home_country_code, false)
        as is_home_import,
    coalesce(
        consignments.house_waybill_number,
        consignments.declaration_number,
        consignments.consignment_id
    ) as receipt_reference,
    consignments.master_waybill_number,
    consignments.operator_code,
    consignments.channel,
    consignments.sender,
    consignments.customs_office_code,
    consignments.platform_code,
    consignments.platform_status,
    consignments.platform_order_id,
    consignments.seller_id_platform,
    consignments.consignor_party_id,
    consignments.consignee_party_id,
    consignments.consignee_party_key,
    consignments.consignee_name_token,
    consignments.consignee_id_token,
    consignments.consignee_id_status,
    consignments.consignee_phone_token,
    consignments.consignee_phone_status,
    consignments.consignee_address_token,
    consignments.consignee_address_status,
    consignments.declared_value,
    consignments.currency_code,
    consignments.value_vnd,
    consignments.low_value_declared_value_vnd
from {{ ref('fct_consignments') }} as consignments
inner join {{ ref('int_risk__parameters') }} as parameters
    on consignments.day = parameters.day
where consignments.is_active
