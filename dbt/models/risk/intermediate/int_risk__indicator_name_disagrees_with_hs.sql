-- The name speaks for another chapter than the declared code: the likeliest heading of the name is
-- probable enough, and none of the likeliest three that is more than a trace lies in the declared
-- chapter or in one that a name cannot tell apart from it (knitted or woven: a dated list).
with limits as (

    {{ parameters_by_day({
        'least_micro': ['NAMED_HEADING_MIN_MICRO', 'bigint'],
        'trace_micro': ['NAMED_CHAPTER_MIN_MICRO', 'bigint']
    }) }}

),

pairs as (

    select
        limits.day,
        pairs.hs_chapter,
        pairs.other_chapter
    from limits
    inner join {{ ref('hs_chapter_pairs') }} as pairs
        on limits.day >= pairs.valid_from
        and (pairs.valid_to is null or limits.day <= pairs.valid_to)

),

named as (

    select
        names.day,
        names.item_description_folded,
        names.first_heading,
        names.first_probability_micro,
        substr(names.first_heading, 1, 2) as first_chapter,
        case
            when names.second_probability_micro >= limits.trace_micro
                then substr(names.second_heading, 1, 2)
            else ''
        end as second_chapter,
        case
            when names.third_probability_micro >= limits.trace_micro
                then substr(names.third_heading, 1, 2)
            else ''
        end as third_chapter
    from {{ ref('fct_item_names') }} as names
    inner join limits
        on names.day = limits.day
    where names.first_probability_micro >= limits.least_micro

),

-- the first item that disagrees speaks for its consignment
disagreeing as (

    select
        items.consignment_id,
        items.day,
        items.hs_chapter,
        named.first_chapter,
        named.first_heading,
        named.first_probability_micro,
        row_number() over (
            partition by items.consignment_id, items.day
            order by items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join named
        on items.item_description_folded = named.item_description_folded
        and items.day = named.day
    left join pairs as first_pairs
        on items.day = first_pairs.day
        and items.hs_chapter = first_pairs.hs_chapter
        and named.first_chapter = first_pairs.other_chapter
    left join pairs as second_pairs
        on items.day = second_pairs.day
        and items.hs_chapter = second_pairs.hs_chapter
        and named.second_chapter = second_pairs.other_chapter
    left join pairs as third_pairs
        on items.day = third_pairs.day
        and items.hs_chapter = third_pairs.hs_chapter
        and named.third_chapter = third_pairs.other_chapter
    where
        items.is_home_import
        and items.hs_basis = 'declared'
        and items.hs_chapter not in (named.first_chapter, named.second_chapter, named.third_chapter)
        and first_pairs.hs_chapter is null
        and second_pairs.hs_chapter is null
        and third_pairs.hs_chapter is null

)

select
    consignment_id,
    day,
    'name_disagrees_with_hs' as indicator_id,
    {{ evidence([
        ['declared_chapter', 'hs_chapter', 'text'],
        ['named_chapter', 'first_chapter', 'text'],
        ['named_heading', 'first_heading', 'text'],
        ['named_micro', 'first_probability_micro', 'number'],
    ]) }} as evidence
from disagreeing
where item_rank = 1
