{{ config(materialized='whole_table') }}
-- Where a name of goods holds a watched term, however it is spelt. Cost follows the words of different
-- names, not parcels times terms: a word is one look-up in a small table. is_open: as the list has it.
with words as (

    select
        text_id,
        {{ each_word_numbered('word_keys', 'word_key', 'word_place') }}
    from {{ ref('stg_items__spellings') }}

),

joined_words as (

    select
        text_id,
        {{ each_word('joined_words') }} as joined_word
    from {{ ref('stg_items__spellings') }}
    where joined_words <> ''

),

term_words as (

    select
        phrase,
        spelling,
        word_place,
        word,
        word_key,
        word_count
    from {{ ref('int_risk__watched_words') }}
    where phrase_kind = 'term'

),

single_words as (

    select
        words.text_id,
        words.word_place,
        words.word_place - term_words.word_place as first_place,
        term_words.phrase,
        term_words.spelling,
        term_words.word,
        term_words.word_count
    from words
    inner join term_words
        on words.word_key = term_words.word_key

),

-- a phrase is there when all its words stand in their places behind one first word
in_words as (

    select
        single_words.text_id,
        single_words.phrase,
        single_words.first_place,
        single_words.first_place + single_words.word_count - 1 as last_place,
        min(case
            when single_words.spelling <> 'words' then 0
            when single_words.word = {{ word_at('names.words', 'single_words.word_place') }} then 1
            else 0
        end) as is_open
    from single_words
    inner join {{ ref('stg_items__spellings') }} as names
        on single_words.text_id = names.text_id
    group by
        single_words.text_id,
        single_words.phrase,
        single_words.spelling,
        single_words.first_place,
        single_words.word_count
    having count(*) = single_words.word_count

),

in_joined_words as (

    select
        joined_words.text_id,
        term_words.phrase,
        cast(split_part(joined_words.joined_word, ':', 1) as bigint) as first_place,
        cast(split_part(joined_words.joined_word, ':', 1) as bigint)
        + cast(split_part(joined_words.joined_word, ':', 2) as bigint) - 1 as last_place,
        0 as is_open
    from joined_words
    inner join term_words
        on split_part(joined_words.joined_word, ':', 3) = term_words.word_key
    where term_words.spelling = 'one_piece'

),

found as (

    select text_id, phrase, first_place, last_place, is_open from in_words
    union all
    select text_id, phrase, first_place, last_place, is_open from in_joined_words

)

select
    found.text_id,
    names.item_description_folded,
    found.phrase as term_folded,
    cast(found.first_place as bigint) as first_place,
    cast(found.last_place as bigint) as last_place,
    max(found.is_open) as is_open
from found
inner join {{ ref('stg_items__spellings') }} as names
    on found.text_id = names.text_id
group by
    found.text_id,
    names.item_description_folded,
    found.phrase,
    found.first_place,
    found.last_place
