{{ config(materialized='day_window') }}
-- Who received at busy places: each consignee once a day, so that different ones can be counted over
-- any days. At a phone the name tells people apart (the phone is the party there). A warehouse passes
-- everybody on: only how many a day is kept, under the key '*'.
with places as (

    select distinct
        day,
        point_kind,
        point_key
    from {{ ref('int_places__days') }}
    where day in (select days.day from {{ ref('int_calendar__days') }} as days)

),

{% set kinds = [
    ('address', 'consignee_address_token', "consignments.consignee_address_status = 'complete'",
     'consignee_party_id'),
    ('phone', 'consignee_phone_token', "consignments.consignee_phone_status = 'valid'",
     'consignee_name_token'),
] %}
{% for kind, key, usable, consignee in kinds %}
{{ kind }}_consignees as (

    select distinct
        consignments.day,
        places.point_kind,
        places.point_key,
        consignments.{{ consignee }} as consignee_key
    from {{ ref('fct_consignments') }} as consignments
    inner join places
        on consignments.day = places.day
        and consignments.{{ key }} = places.point_key
        and places.point_kind = '{{ kind }}'
    where
        consignments.is_in_flows
        and {{ usable }}
        and consignments.{{ consignee }} is not null

),

{% endfor %}
warehouse_consignees as (

    select
        consignments.day,
        consignments.warehouse_code,
        count(distinct consignments.consignee_party_id) as consignees
    from {{ ref('fct_consignments') }} as consignments
    inner join places
        on consignments.day = places.day
        and consignments.warehouse_code = places.point_key
        and places.point_kind = 'warehouse'
    where consignments.is_in_flows
    group by
        consignments.day,
        consignments.warehouse_code

)

{% for kind, key, usable, consignee in kinds %}
select
    day,
    point_kind,
    point_key,
    consignee_key,
    cast(1 as bigint) as consignees
from {{ kind }}_consignees
union all
{% endfor %}
select
    day,
    'warehouse' as point_kind,
    warehouse_code as point_key,
    '*' as consignee_key,
    consignees
from warehouse_consignees
