{{ config(materialized='day_window') }}
-- The ward of busy addresses. It is part of the address, so any statement of it serves; it is read
-- where it was stated, not carried along with every consignment.
with addresses as (

    select distinct
        day,
        point_key
    from {{ ref('int_places__days') }}
    where point_kind = 'address'

),

stated as (

    {% for relation, token, ward in [
        (ref('stg_manifests__parcel_versions'), 'consignee_address_token', 'consignee_ward'),
        (ref('stg_customs__low_value_declaration_versions'), 'importer_address_token', 'importer_ward'),
        (ref('stg_customs__declaration_line_versions'), 'importer_address_token', 'importer_ward'),
    ] %}
    select
        versions.{{ token }} as point_key,
        versions.{{ ward }} as ward
    from {{ relation }} as versions
    where
        versions.{{ ward }} is not null
        and versions.day in (select days.day from {{ ref('int_calendar__days') }} as days)
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    addresses.day,
    addresses.point_key,
    max(stated.ward) as ward
from addresses
inner join stated
    on addresses.point_key = stated.point_key
group by
    addresses.day,
    addresses.point_key
