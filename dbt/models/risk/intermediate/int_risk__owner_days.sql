{{ config(materialized='day_window') }}
-- What an owner received of a sender on a day in pieces within the limit: what later days add up. A
-- parcel and the declaration of the same house bill are the same goods: counted once.
with receipts as (

    select
        day,
        owner_party_id,
        consignor_party_id,
        receipt_reference,
        max(value_vnd) as receipt_value_vnd
    from {{ ref('int_risk__small_consignments') }}
    group by
        day,
        owner_party_id,
        consignor_party_id,
        receipt_reference

)

select
    day,
    owner_party_id,
    consignor_party_id,
    count(*) as receipts,
    cast(sum(receipt_value_vnd) as decimal(38, 2)) as value_vnd
from receipts
group by
    day,
    owner_party_id,
    consignor_party_id
