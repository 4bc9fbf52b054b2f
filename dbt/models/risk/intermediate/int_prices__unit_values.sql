-- What an item costs by each measure, and the cell of peers that it belongs to. Per piece only where
-- the quantity counts pieces: a pair or a box is no piece. Add a measure here and in peer_measures.
-- Goods of an unknown heading are compared with those whose names suggest the same one by the same
-- table: unsure as it is, like names get the same.
with named as (

    select
        names.day,
        names.item_description_folded,
        'likely ' || names.first_heading || ' ' || names.model_version as goods_group
    from {{ ref('fct_item_names') }} as names
    inner join {{ ref('int_calendar__days') }} as days
        on names.day = days.day
    where not names.is_answered

),

items as (

    select
        items.*,
        case when items.hs_heading = 'unknown' then items.item_description_folded end as unsure_name
    from {{ ref('int_risk__items') }} as items
    where items.is_home_import

)

select
    items.consignment_id,
    items.item_number,
    items.day,
    {% for column in peer_columns() %}
    {% if column == 'goods_group' %}
    coalesce(nullif(items.hs_heading, 'unknown'), named.goods_group) as goods_group,
    {% else %}
    items.{{ column }},
    {% endif %}
    {% endfor %}
    case when items.unit_value_milli_per_kg > 0 then items.unit_value_milli_per_kg end
        as per_kg_milli,
    case
        when piece_units.unit_code is not null and items.unit_value_milli_per_piece > 0
            then items.unit_value_milli_per_piece
    end as per_piece_milli
from items
left join named
    on items.day = named.day
    and items.unsure_name = named.item_description_folded
left join {{ ref('piece_units') }} as piece_units
    on upper(items.quantity_unit_code) = piece_units.unit_code
where items.hs_heading <> 'unknown' or named.goods_group is not null
