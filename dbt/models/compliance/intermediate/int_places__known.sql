-- Places of which the office knows why many consignments go there (source known_place), as points.
{% for kind, key in [('warehouse', 'warehouse_code'), ('address', 'place_address_token')] %}
select
    '{{ kind }}' as point_kind,
    {{ key }} as point_key,
    place_type,
    valid_from,
    coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
from {{ ref('stg_places__known_places') }}
where {{ key }} is not null
{{ 'union all' if not loop.last }}
{% endfor %}
