-- HS chapters and the headings that are seeded or loaded, plus the member 'unknown' that facts use.
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
    hs_heading as commodity_code,
    'heading' as commodity_level,
    substr(hs_heading, 1, 2) as hs_chapter,
    hs_heading,
    name_vi,
    name_en,
    name_source
from {{ ref('int_commodities__headings') }}

union all

select
    'unknown' as commodity_code,
    'unknown' as commodity_level,
    'unknown' as hs_chapter,
    'unknown' as hs_heading,
    'Chưa xác định' as name_vi,
    'Unknown' as name_en,
    'seed' as name_source
