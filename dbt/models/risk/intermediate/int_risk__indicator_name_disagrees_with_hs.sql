-- The name speaks for another chapter than the declared code. Chapters that a name cannot tell apart
-- (knitted or woven, plastic or steel) are a dated list; within a chapter nothing is said.
with pairs as (

    select
        parameters.day,
        pairs.hs_chapter,
        pairs.other_chapter
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('hs_chapter_pairs') }} as pairs
        on parameters.day >= pairs.valid_from
        and (pairs.valid_to is null or parameters.day <= pairs.valid_to)

),

-- the first item that disagrees speaks for its consignment
disagreeing as (

    select
        items.consignment_id,
        items.day,
        items.hs_chapter,
        names.hs_chapter as named_chapter,
        names.hs_heading as named_heading,
        names.matched_term,
        row_number() over (
            partition by items.consignment_id, items.day
            order by items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join {{ ref('int_items__classified') }} as names
        on items.item_description_folded = names.item_description_folded
    left join pairs
        on items.day = pairs.day
        and items.hs_chapter = pairs.hs_chapter
        and names.hs_chapter = pairs.other_chapter
    where
        items.is_home_import
        and items.hs_basis = 'declared'
        and items.hs_chapter <> names.hs_chapter
        and pairs.hs_chapter is null

)

select
    consignment_id,
    day,
    'name_disagrees_with_hs' as indicator_id,
    {{ evidence([
        ['declared_chapter', 'hs_chapter', 'text'],
        ['named_chapter', 'named_chapter', 'text'],
        ['named_heading', 'named_heading', 'text'],
        ['term', 'matched_term', 'text'],
    ]) }} as evidence
from disagreeing
where item_rank = 1
