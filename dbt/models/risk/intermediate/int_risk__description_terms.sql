{{ config(materialized='whole_table') }}
-- Cost follows the different words, not parcels times terms: every different word is cleaned and
-- looked up once, and only texts that hold the first word of a term are compared as a whole.
with descriptions as (

    select distinct item_description_folded
    from {{ ref('int_risk__items') }}
    where item_description_folded is not null

),

words as (

    select
        item_description_folded,
        {{ each_word('item_description_folded') }} as word
    from descriptions

),

different_words as (

    select distinct word
    from words

),

-- 'n.i.k.e' is one word of the text and four on word boundaries
parts as (

    select
        word,
        {{ each_word(rx_replace('word', '[^a-z0-9]+', ' ')) }} as word_part
    from different_words

),

terms as (

    select distinct
        term_folded,
        split_part(term_folded, ' ', 1) as first_word
    from {{ ref('watch_terms') }}

),

triggers as (

    select distinct
        parts.word,
        terms.term_folded
    from parts
    inner join terms
        on parts.word_part = terms.first_word

),

candidates as (

    select distinct
        words.item_description_folded,
        triggers.term_folded
    from words
    inner join triggers
        on words.word = triggers.word

)

select
    item_description_folded,
    term_folded
from candidates
where
    ' ' || {{ rx_replace('item_description_folded', '[^a-z0-9]+', ' ') }} || ' '
    like '% ' || term_folded || ' %'
