{{ config(materialized='whole_table') }}

-- Low-value declarations whose parcel arrived the same day. Cancelled ones describe nothing.
select
    low_value.house_waybill_number,
    low_value.day,
    low_value.declared_value,
    low_value.currency_code,
    low_value.customs_value_vnd
from {{ ref('stg_customs__low_value_declarations') }} as low_value
inner join {{ ref('stg_manifests__parcels') }} as parcels
    on low_value.house_waybill_number = parcels.house_waybill_number
    and low_value.day = parcels.day
where low_value.day in (select days.day from {{ ref('int_calendar__days') }} as days)
    and low_value.record_status <> 'cancelled'
    and parcels.waybill_level = 'house'
