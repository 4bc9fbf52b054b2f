{{ config(materialized='whole_table') }}
-- Watched terms, and the words around a term that silence it, as the keys of words that names of goods
-- are searched for: word by word, in one piece, and a longer word in two pieces.
with phrases as (

    select
        'term' as phrase_kind,
        term_folded as phrase,
        {{ spelled_words('term_folded') }} as words
    from {{ ref('watch_terms') }}
    union
    select
        'context' as phrase_kind,
        context_folded as phrase,
        {{ spelled_words('context_folded') }} as words
    from {{ ref('watch_term_contexts') }}

),

phrase_words as (

    select
        phrase_kind,
        phrase,
        {{ each_word_numbered('words', 'word', 'word_place') }}
    from phrases

),

in_one_piece as (

    select
        phrase_kind,
        phrase,
        words,
        {{ rx_replace('words', ' ', '') }} as whole
    from phrases
    where
        phrase_kind = 'term'
        and words = phrase -- characters that are words each are found one by one

),

pieces as (

    select
        in_one_piece.phrase,
        lengths.piece_length,
        substr(in_one_piece.whole, 1, lengths.piece_length) as first_piece,
        substr(in_one_piece.whole, lengths.piece_length + 1) as second_piece
    from in_one_piece
    inner join (
        {{ first_piece_lengths() }}
    ) as lengths
        on length(in_one_piece.whole) > lengths.piece_length
    where
        in_one_piece.whole = in_one_piece.words
        and {{ is_long_enough_to_split('in_one_piece.whole') }}

),

every_word as (

    select
        phrase_kind,
        phrase,
        'words' as spelling,
        word_place,
        word
    from phrase_words
    union all
    select
        'term' as phrase_kind,
        phrase,
        'one_piece' as spelling,
        0 as word_place,
        whole as word
    from in_one_piece
    union all
    select
        'term' as phrase_kind,
        phrase,
        'pieces ' || cast(piece_length as string) as spelling,
        0 as word_place,
        first_piece as word
    from pieces
    union all
    select
        'term' as phrase_kind,
        phrase,
        'pieces ' || cast(piece_length as string) as spelling,
        1 as word_place,
        second_piece as word
    from pieces
    union all
    select
        'term' as phrase_kind,
        phrase,
        'no_vowels' as spelling,
        0 as word_place,
        {{ without_vowels('whole') }} as word
    from in_one_piece
    where {{ is_known_without_vowels('whole', 'words') }}

),

keyed as (

    select
        phrase_kind,
        phrase,
        spelling,
        cast(word_place as bigint) as word_place,
        word,
        {{ spelling_key('word') }} as word_key
    from every_word

)

select
    phrase_kind,
    phrase,
    spelling,
    word_place,
    word,
    word_key,
    count(*) over (partition by phrase_kind, phrase, spelling) as word_count
from keyed
where spelling <> 'no_vowels' or {{ is_keyed('word_key') }}
