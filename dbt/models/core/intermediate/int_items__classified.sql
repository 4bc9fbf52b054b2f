{{ config(materialized='whole_table') }}

-- HS heading of every distinct goods description of the window, by the longest known term in it.
-- Terms are found through their first word (an equality join), then checked as whole words.
with descriptions as (

    select distinct item_description_folded
    from (
        select item_description_folded from {{ ref('stg_manifests__parcel_versions') }}
        union all
        select item_description_folded
        from {{ ref('stg_customs__low_value_declaration_versions') }}
        union all
        select item_description_folded from {{ ref('stg_customs__declaration_line_versions') }}
    ) as every_description
    where item_description_folded is not null

),

padded as (

    select
        item_description_folded,
        ' ' || {{ rx_replace('item_description_folded', '[^a-z0-9]+', ' ') }} || ' ' as padded_text
    from descriptions

),

words as (

    select distinct
        item_description_folded,
        padded_text,
        {{ each_word('padded_text') }} as word
    from padded

),

terms as (

    select
        term,
        hs_heading,
        split_part(term, ' ', 1) as first_word
    from {{ ref('item_terms') }}

),

matches as (

    select
        words.item_description_folded,
        terms.term,
        terms.hs_heading,
        row_number() over (
            partition by words.item_description_folded
            order by length(terms.term) desc, terms.term asc nulls last
        ) as match_rank
    from words
    inner join terms
        on words.word = terms.first_word
    where position(' ' || terms.term || ' ' in words.padded_text) > 0

)

select
    item_description_folded,
    hs_heading,
    substr(hs_heading, 1, 2) as hs_chapter,
    term as matched_term
from matches
where match_rank = 1
