{{ config(materialized='ephemeral') }}

-- Headings that are seeded, and those of the list loaded on site; a seeded name stands over a loaded.
with headings as (

    select hs_heading, name_vi, name_en from {{ ref('hs_headings') }}

),

loaded as (

    -- what stands right below a chapter is a heading
    select codes.hs_code as hs_heading, codes.description_en
    from {{ ref('stg_reference__hs_codes') }} as codes
    inner join {{ ref('hs_chapters') }} as chapters
        on codes.parent_code = chapters.hs_chapter

)

select
    coalesce(headings.hs_heading, loaded.hs_heading) as hs_heading,
    headings.name_vi,
    coalesce(headings.name_en, loaded.description_en) as name_en,
    case when headings.hs_heading is not null then 'seed' else 'loaded' end as name_source
from headings
full outer join loaded
    on headings.hs_heading = loaded.hs_heading
