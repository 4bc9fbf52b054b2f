-- A box in a box: what a firm declares as one lot is, on the manifest of the same master bill and
-- sender, parcels to many persons that weigh about as much. Goods of one owner are added up (dispatch
-- 3923); that the lot is the owner is our reading. A sender of many goods is kept out by heading and
-- mass: parcels that are not the lot's goods do not add up to it. Where the heading of a parcel is
-- unknown, the likeliest one of its name will do, if it is probable enough.
with limits as (

    {{ parameters_by_day({
        'fewest_consignees': ['BOX_FANOUT_CONSIGNEES', 'bigint'],
        'least_mass_percent': ['BOX_FANOUT_MASS_LEAST', 'bigint'],
        'most_mass_percent': ['BOX_FANOUT_MASS_MOST', 'bigint'],
        'least_name_micro': ['NAMED_HEADING_MIN_MICRO', 'bigint']
    }) }}

),

placed as (

    select
        consignment_id,
        day,
        consignment_kind,
        master_waybill_number,
        consignor_party_id,
        consignee_party_id,
        consignee_id_status
    from {{ ref('int_risk__home_subjects') }}
    where
        master_waybill_number is not null
        and consignor_party_id is not null

),

firms as (

    select
        consignment_id,
        day,
        master_waybill_number,
        consignor_party_id
    from placed
    where
        consignment_kind = 'declaration_line'
        and consignee_id_status = 'tax_code'

),

-- The few parcels that share master bill and sender with a firm's lot; the others end here.
beside as (

    select
        placed.consignment_id,
        placed.day,
        placed.master_waybill_number,
        placed.consignor_party_id,
        placed.consignee_party_id
    from placed
    inner join (
        select distinct
            day,
            master_waybill_number,
            consignor_party_id
        from firms
    ) as shared
        on placed.day = shared.day
        and placed.master_waybill_number = shared.master_waybill_number
        and placed.consignor_party_id = shared.consignor_party_id
    where placed.consignment_kind in ('parcel', 'low_value_declaration')

),

rows_of_both as (

    select
        consignment_id,
        day,
        master_waybill_number,
        consignor_party_id,
        cast(null as string) as consignee_party_id,
        true as is_lot
    from firms
    union all
    select
        consignment_id,
        day,
        master_waybill_number,
        consignor_party_id,
        consignee_party_id,
        false as is_lot
    from beside

),

named as (

    select
        names.day,
        names.item_description_folded,
        names.first_heading
    from {{ ref('fct_item_names') }} as names
    inner join limits
        on names.day = limits.day
    where
        not names.is_answered
        and names.first_probability_micro >= limits.least_name_micro

),

goods as (

    select
        rows_of_both.consignment_id,
        rows_of_both.day,
        rows_of_both.master_waybill_number,
        rows_of_both.consignor_party_id,
        rows_of_both.consignee_party_id,
        rows_of_both.is_lot,
        case when items.hs_heading = 'unknown' then named.first_heading else items.hs_heading end
            as hs_heading,
        items.mass_kg
    from {{ ref('int_risk__items') }} as items
    inner join rows_of_both
        on items.day = rows_of_both.day
        and items.consignment_id = rows_of_both.consignment_id
    left join named
        on items.day = named.day
        and items.item_description_folded = named.item_description_folded
    where items.hs_heading <> 'unknown' or named.first_heading is not null

),

boxes as (

    select
        day,
        master_waybill_number,
        consignor_party_id,
        hs_heading,
        count(distinct consignee_party_id) as consignee_count,
        count(case when not is_lot then 1 end) as parcel_count,
        {{ thousandths('cast(sum(case when not is_lot then mass_kg end) as double)') }} as parcels_mass_g,
        {{ thousandths('cast(sum(case when is_lot then mass_kg end) as double)') }} as lot_mass_g
    from goods
    group by
        day,
        master_waybill_number,
        consignor_party_id,
        hs_heading

)

select distinct
    goods.consignment_id,
    goods.day,
    'box_fan_out' as indicator_id,
    {{ evidence([
        ['consignees', 'boxes.consignee_count', 'number'],
        ['fewest_consignees', 'limits.fewest_consignees', 'number'],
        ['parcels', 'boxes.parcel_count', 'number'],
        ['parcels_mass_g', 'boxes.parcels_mass_g', 'number'],
        ['lot_mass_g', 'boxes.lot_mass_g', 'number'],
    ]) }} as evidence
from goods
inner join boxes
    on goods.day = boxes.day
    and goods.master_waybill_number = boxes.master_waybill_number
    and goods.consignor_party_id = boxes.consignor_party_id
    and goods.hs_heading = boxes.hs_heading
inner join limits
    on goods.day = limits.day
where
    boxes.consignee_count >= limits.fewest_consignees
    and boxes.parcels_mass_g * 100 >= boxes.lot_mass_g * limits.least_mass_percent
    and boxes.parcels_mass_g * 100 <= boxes.lot_mass_g * limits.most_mass_percent
