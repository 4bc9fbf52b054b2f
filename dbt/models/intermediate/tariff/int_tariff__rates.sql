{{ config(materialized='table') }}

-- Duty rate by HS code at every length: the loaded national tariff by its lines, simple averages of
-- those lines (floored to the thousandth of a percent), and the approximate chapter averages of the
-- seed where nothing is loaded. 'all' answers for chapters without any figure.
with tariff as (

    select hs8, mfn_rate_percent
    from {{ ref('stg_reference__tariff') }}
    where mfn_rate_percent is not null

),

prefixes as (

    select substr(hs8, 1, 6) as tariff_code, 'tariff_hs6_average' as rate_basis, mfn_rate_percent
    from tariff
    union all
    select substr(hs8, 1, 4) as tariff_code, 'tariff_heading_average' as rate_basis, mfn_rate_percent
    from tariff
    union all
    select substr(hs8, 1, 2) as tariff_code, 'tariff_chapter_average' as rate_basis, mfn_rate_percent
    from tariff

),

averages as (

    select
        tariff_code,
        rate_basis,
        {{ floored_average('mfn_rate_percent') }} as mfn_rate_percent
    from prefixes
    group by tariff_code, rate_basis

)

select hs8 as tariff_code, 'tariff_hs8' as rate_basis, mfn_rate_percent
from tariff

union all

select tariff_code, rate_basis, mfn_rate_percent
from averages

union all

select
    approximate.hs_chapter as tariff_code,
    'approximate_chapter_average' as rate_basis,
    approximate.mfn_rate_percent
from {{ ref('tariff_chapter_rates') }} as approximate
left join averages
    on approximate.hs_chapter = averages.tariff_code
where averages.tariff_code is null
