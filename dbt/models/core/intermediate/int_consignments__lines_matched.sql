{{ config(materialized='whole_table') }}

-- Declaration lines whose house waybill arrived as a live parcel the same day.
select
    lines.declaration_number,
    lines.line_number
from {{ ref('stg_customs__declaration_lines') }} as lines
inner join {{ ref('stg_manifests__parcels') }} as parcels
    on lines.house_waybill_number = parcels.house_waybill_number
    and lines.day = parcels.day
where lines.day in (select days.day from {{ ref('int_calendar__days') }} as days)
    and parcels.record_status <> 'cancelled'
    and parcels.waybill_level = 'house'
