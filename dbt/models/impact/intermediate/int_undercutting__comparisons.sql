{{ config(materialized='day_window') }}

-- Each imported product of the month beside the domestic goods it is compared with, at one level of
-- trade: a consumer's, tax included, delivery left out. What is not compared says why.
with domestic as (

    select
        month,
        domestic_name,
        count(*) as listings,
        {{ mean_of_money('price_vnd') }} as price_vnd
    from {{ ref('int_undercutting__listing_months') }}
    where {{ in_window('month') }}
    group by month, domestic_name

),

beside as (

    select
        imports.*,
        matches.domestic_name,
        matches.match_method,
        matches.match_score_percent,
        domestic.listings,
        domestic.price_vnd as domestic_price_vnd,
        {{ exact_product(
            'domestic.price_vnd', 'imports.quantity', factor_scale=4, whole_digits=15
        ) }} as domestic_value_vnd
    from {{ ref('int_undercutting__import_months') }} as imports
    left join {{ ref('int_undercutting__name_matches') }} as matches
        on imports.month = matches.month
        and imports.import_name = matches.import_name
    left join domestic
        on matches.month = domestic.month
        and matches.domestic_name = domestic.domestic_name

),

measured as (

    select
        beside.*,
        {{ percent_in_full('(domestic_value_vnd - landed_value_vnd)', 'domestic_value_vnd') }}
            as margin_percent
    from beside

)

select
    measured.month,
    measured.hs_heading,
    measured.import_name,
    measured.origin_country_code,
    case
        when measured.exclusion_reason is not null then measured.exclusion_reason
        when measured.domestic_name is null then 'no_match'
        when measured.margin_percent is null then 'beyond_scale'
        when measured.margin_percent < rules.least_margin_percent then 'margin_out_of_range'
    end as exclusion_reason,
    measured.consignments,
    measured.quantity,
    measured.customs_value_vnd,
    measured.landed_value_vnd,
    measured.domestic_name,
    measured.match_method,
    measured.match_score_percent,
    measured.listings,
    measured.domestic_price_vnd,
    measured.domestic_value_vnd,
    measured.margin_percent
from measured
inner join {{ ref('int_undercutting__months') }} as rules
    on measured.month = rules.month
