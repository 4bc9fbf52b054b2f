-- The one place that says whose law applies and which records count: every indicator reads this view.
select
    consignments.consignment_id,
    consignments.day,
    consignments.consignment_kind,
    coalesce(
        consignments.house_waybill_number,
        consignments.declaration_number,
        consignments.consignment_id
    ) as receipt_reference,
    consignments.master_waybill_number,
    consignments.operator_code,
    consignments.sender,
    consignments.customs_office_code,
    consignments.platform_code,
    consignments.platform_status,
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
    consignments.item_description_folded,
    consignments.hs_chapter,
    consignments.hs_heading,
    consignments.origin_country_code,
    consignments.value_vnd,
    consignments.unit_value_vnd_per_kg
from {{ ref('fct_consignments') }} as consignments
inner join {{ ref('int_risk__parameters') }} as parameters
    on consignments.day = parameters.day
    and consignments.importing_country_code = parameters.home_country_code
where consignments.is_active
