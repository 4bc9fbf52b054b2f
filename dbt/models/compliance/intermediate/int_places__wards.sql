{{ config(materialized='day_window') }}
-- The ward of busy addresses. It is part of the address, so any statement of the day serves; it is read
-- where it was stated, not carried along with every consignment.
select
    places.day,
    places.point_key,
    max(stated.ward) as ward
from (
    select distinct
        day,
        point_key
    from {{ ref('int_places__days') }}
    where point_kind = 'address'
) as places
inner join {{ ref('stg_places__stated_wards') }} as stated
    on places.day = stated.day
    and places.point_key = stated.address_token
inner join {{ ref('int_calendar__days') }} as days
    on places.day = days.day
group by
    places.day,
    places.point_key
