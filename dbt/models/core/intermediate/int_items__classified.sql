{{ config(materialized='whole_table') }}

-- Side by side what the name of goods says: three headings, and whether the first one is an answer.
with first_three as (

    select
        text_id,
        max(case when heading_rank = 1 then hs4 end) as first_heading,
        max(case when heading_rank = 1 then probability_micro end) as first_probability_micro,
        max(case when heading_rank = 1 and is_answer then hs4 end) as hs_heading,
        max(case when heading_rank = 2 then hs4 end) as second_heading,
        max(case when heading_rank = 2 then probability_micro end) as second_probability_micro,
        max(case when heading_rank > 2 then hs4 end) as third_heading,
        max(case when heading_rank > 2 then probability_micro end) as third_probability_micro
    from {{ ref('int_items__headings') }}
    group by text_id

)

select
    texts.period_no,
    texts.item_description_folded,
    first_three.hs_heading,
    first_three.first_heading,
    first_three.first_probability_micro,
    first_three.second_heading,
    first_three.second_probability_micro,
    first_three.third_heading,
    first_three.third_probability_micro
from {{ ref('stg_items__texts') }} as texts
inner join first_three
    on texts.text_id = first_three.text_id
