{{ config(materialized='whole_table') }}
-- Where words that silence a watched term, or that end their reach, stand in the names that hold one.
with names as (

    select distinct text_id
    from {{ ref('int_risk__description_terms') }}

),

words as (

    select
        spellings.text_id,
        {{ each_word_numbered('spellings.word_keys', 'word_key', 'word_place') }}
    from {{ ref('stg_items__spellings') }} as spellings
    inner join names
        on spellings.text_id = names.text_id

),

single_words as (

    select
        words.text_id,
        words.word_place,
        words.word_place - contexts.word_place as first_place,
        contexts.phrase,
        contexts.word,
        contexts.word_count
    from words
    inner join {{ ref('int_risk__watched_words') }} as contexts
        on words.word_key = contexts.word_key
    where contexts.phrase_kind = 'context'

)

select
    single_words.text_id,
    single_words.phrase as context_folded,
    cast(single_words.first_place as bigint) as first_place,
    cast(single_words.first_place + single_words.word_count - 1 as bigint) as last_place,
    min(case
        when single_words.word = {{ word_at('spellings.words', 'single_words.word_place') }} then 1
        else 0
    end) as is_open
from single_words
inner join {{ ref('stg_items__spellings') }} as spellings
    on single_words.text_id = spellings.text_id
group by
    single_words.text_id,
    single_words.phrase,
    single_words.first_place,
    single_words.word_count
having count(*) = single_words.word_count
