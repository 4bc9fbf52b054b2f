{{ config(materialized='day_window') }}
-- What parcels that state their platform look like: how many of each platform carried a sign on a
-- day. Signs are the sender, and the beginning and length of the order's and of the seller's number.
-- Kept are signs that enough parcels with a platform carry; 'unstated' counts their other parcels.
{% set signs = {
    'consignor': 'consignor_party_id',
    'order': order_sign('platform_order_id'),
    'seller': order_sign('seller_id_platform'),
} %}
with carried as (

    {% for kind, value in signs.items() %}
    select
        day,
        '{{ kind }}' as sign_kind,
        {{ value }} as sign_value,
        platform_code,
        count(*) as parcel_count
    from {{ ref('int_risk__home_subjects') }}
    where
        consignment_kind = 'parcel'
        and {{ value }} is not null
    group by
        day,
        {{ value }},
        platform_code
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

remembered as (

    select
        carried.day,
        carried.sign_kind,
        carried.sign_value
    from carried
    inner join {{ ref('int_risk__parameters') }} as parameters
        on carried.day = parameters.day
    where carried.platform_code <> 'unstated'
    group by
        carried.day,
        carried.sign_kind,
        carried.sign_value,
        parameters.platform_state_parcels
    having sum(carried.parcel_count) >= parameters.platform_state_parcels

)

select
    carried.day,
    carried.sign_kind,
    carried.sign_value,
    carried.platform_code,
    carried.parcel_count
from carried
inner join remembered
    on carried.day = remembered.day
    and carried.sign_kind = remembered.sign_kind
    and carried.sign_value = remembered.sign_value
