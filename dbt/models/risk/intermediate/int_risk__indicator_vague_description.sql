-- A name that says nothing ('gift', 'hang mau') is asked about and no risk by itself. The whole name
-- must be vague: its words, in any order and without numbers and packing, are those of a listed
-- phrase, so that 'qua tang giay goi' is none. A name all of whose words are listed begins with one:
-- only such names are read word by word.
with terms as (

    select
        parameters.day,
        terms.term_folded,
        terms.term_role
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('vague_terms') }} as terms
        on parameters.day >= terms.valid_from
        and (terms.valid_to is null or parameters.day <= terms.valid_to)

),

term_words as (

    select distinct
        day,
        term_folded,
        term_role,
        {{ each_word('term_folded') }} as word
    from terms

),

term_keys as (

    select
        day,
        term_folded,
        {{ join_sorted('word', ' ') }} as name_key
    from term_words
    where term_role = 'vague'
    group by
        day,
        term_folded

),

known_keys as (

    select
        day,
        name_key,
        min(term_folded) as term_folded
    from term_keys
    group by
        day,
        name_key

),

first_words as (

    select distinct split_part(item_description_folded, ' ', 1) as first_word
    from {{ ref('int_risk__items') }}
    where is_home_import

),

openings as (

    select distinct first_words.first_word
    from first_words
    left join term_words
        on {{ rx_replace('first_words.first_word', '[-.,;:/()!?*#_+&%]+', '') }} = term_words.word
    where
        term_words.word is not null
        or translate(first_words.first_word, '0123456789', '') = ''

),

names as (

    select distinct
        items.day,
        items.item_description_folded
    from {{ ref('int_risk__items') }} as items
    inner join openings
        on split_part(items.item_description_folded, ' ', 1) = openings.first_word
    where items.is_home_import

),

name_words as (

    select distinct
        day,
        item_description_folded,
        {{ each_word(rx_replace('item_description_folded', '[-.,;:/()!?*#_+&%]+', ' ')) }} as word
    from names

),

fillers as (

    select
        day,
        word
    from term_words
    where term_role = 'filler'

),

name_keys as (

    select
        name_words.day,
        name_words.item_description_folded,
        {{ join_sorted('name_words.word', ' ') }} as name_key
    from name_words
    left join fillers
        on name_words.day = fillers.day
        and name_words.word = fillers.word
    where
        fillers.word is null
        and translate(name_words.word, '0123456789', '') <> ''
    group by
        name_words.day,
        name_words.item_description_folded

),

-- the first item that says nothing speaks for its consignment
vague as (

    select
        items.consignment_id,
        items.day,
        known_keys.term_folded,
        row_number() over (
            partition by items.consignment_id, items.day
            order by items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join name_keys
        on items.day = name_keys.day
        and items.item_description_folded = name_keys.item_description_folded
    inner join known_keys
        on name_keys.day = known_keys.day
        and name_keys.name_key = known_keys.name_key
    where items.is_home_import

)

select
    consignment_id,
    day,
    'vague_description' as indicator_id,
    {{ evidence([
        ['term', 'term_folded', 'text'],
    ]) }} as evidence
from vague
where item_rank = 1
