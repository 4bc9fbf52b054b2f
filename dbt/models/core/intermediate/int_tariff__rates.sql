{{ config(materialized='whole_table') }}

-- Duty rate by HS code at every length and edition: the loaded national tariff by its lines, simple
-- averages of those lines (floored to the thousandth of a percent), and the approximate chapter
-- averages of the seed, which count only where an edition says nothing. 'all' answers for chapters
-- without any figure. valid_from, valid_to: days of the edition; null is no end.
with tariff as (

    select
        hs8,
        mfn_rate_percent,
        coalesce(cast(as_of_date as string), 'none') as tariff_edition,
        valid_from,
        valid_to
    from {{ ref('stg_reference__tariff') }}
    where mfn_rate_percent is not null

),

prefixes as (

    select
        substr(hs8, 1, 6) as tariff_code,
        'tariff_hs6_average' as rate_basis,
        mfn_rate_percent,
        tariff_edition,
        valid_from,
        valid_to
    from tariff
    union all
    select
        substr(hs8, 1, 4) as tariff_code,
        'tariff_heading_average' as rate_basis,
        mfn_rate_percent,
        tariff_edition,
        valid_from,
        valid_to
    from tariff
    union all
    select
        substr(hs8, 1, 2) as tariff_code,
        'tariff_chapter_average' as rate_basis,
        mfn_rate_percent,
        tariff_edition,
        valid_from,
        valid_to
    from tariff

),

averages as (

    select
        tariff_code,
        rate_basis,
        {{ floored_average('mfn_rate_percent') }} as mfn_rate_percent,
        tariff_edition,
        valid_from,
        valid_to
    from prefixes
    group by tariff_code, rate_basis, tariff_edition, valid_from, valid_to

)

select
    hs8 as tariff_code,
    'tariff_hs8' as rate_basis,
    mfn_rate_percent,
    false as is_approximate,
    tariff_edition,
    valid_from,
    valid_to
from tariff

union all

select
    tariff_code,
    rate_basis,
    mfn_rate_percent,
    false as is_approximate,
    tariff_edition,
    valid_from,
    valid_to
from averages

union all

select
    hs_chapter as tariff_code,
    'approximate_chapter_average' as rate_basis,
    mfn_rate_percent,
    true as is_approximate,
    'none' as tariff_edition,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to
from {{ ref('tariff_chapter_rates') }}
