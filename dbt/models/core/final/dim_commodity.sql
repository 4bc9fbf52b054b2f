-- HS chapters and the headings that are seeded or loaded, plus the member 'unknown' that facts use.
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
    hs_chapter as commodity_code,
    'chapter' as commodity_level,
    hs_chapter,
    cast(null as string) as hs_heading,
    name_vi,
    name_en,
    'seed' as name_source
from {{ ref('hs_chapters') }}

union all

select
    coalesce(headings.hs_heading, loaded.hs_heading) as commodity_code,
    'heading' as commodity_level,
    substr(coalesce(headings.hs_heading, loaded.hs_heading), 1, 2) as hs_chapter,
    coalesce(headings.hs_heading, loaded.hs_heading) as hs_heading,
    headings.name_vi,
    coalesce(headings.name_en, loaded.description_en) as name_en,
    case when headings.hs_heading is not null then 'seed' else 'loaded' end as name_source
from headings
full outer join loaded
    on headings.hs_heading = loaded.hs_heading

union all

select
    'unknown' as commodity_code,
    'unknown' as commodity_level,
    'unknown' as hs_chapter,
    'unknown' as hs_heading,
    'Chưa xác định' as name_vi,
    'Unknown' as name_en,
    'seed' as name_source
