-- What an item costs by each measure, and the cell of peers that it belongs to. Per piece only where
-- the quantity counts pieces: a pair or a box is no piece. Add a measure here and in peer_measures.
select
    items.consignment_id,
    items.item_number,
    items.day,
    {{ peer_cell('items') }},
    case when items.unit_value_milli_per_kg > 0 then items.unit_value_milli_per_kg end
        as per_kg_milli,
    case
        when piece_units.unit_code is not null and items.unit_value_milli_per_piece > 0
            then items.unit_value_milli_per_piece
    end as per_piece_milli
from {{ ref('int_risk__items') }} as items
left join {{ ref('piece_units') }} as piece_units
    on items.quantity_unit_code = piece_units.unit_code
where
    items.is_home_import
    and items.hs_chapter <> 'unknown'
