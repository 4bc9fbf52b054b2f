-- What a cluster is made of, so that it can be looked at, and selected, as one.
select
    cluster_id,
    day,
    receipt_reference,
    consignment_id,
    consignee_party_id,
    consignor_party_id,
    address_token as consignee_address_token,
    master_waybill_number,
    operator_code,
    value_vnd
from {{ ref('int_risk__splitting_members') }}
