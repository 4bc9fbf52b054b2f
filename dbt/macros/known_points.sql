{#- Select of the places known on each of these days: day, point_kind, point_key, place_type. `days`: a
    relation or a common table expression with the column day. -#}
{% macro known_points(days) -%}
select
    days.day,
    known.point_kind,
    known.point_key,
    max(known.place_type) as place_type
from {{ ref('int_places__known') }} as known
inner join {{ days }} as days
    on known.valid_from <= days.day
    and known.valid_to >= days.day
group by
    days.day,
    known.point_kind,
    known.point_key
{%- endmacro %}
