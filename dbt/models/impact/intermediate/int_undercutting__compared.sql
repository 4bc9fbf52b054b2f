-- Products of the run's months by basis: everything that was compared, and equal names alone. What is
-- not compared keeps the value that it was offered for, and nothing else. Margins are whole
-- ten-thousandths of a percent, so that their sum is exact.
with bases as (

    select
        comparisons.*,
        'any_match' as match_basis,
        exclusion_reason is null as is_compared
    from {{ ref('int_undercutting__comparisons') }} as comparisons

    union all

    select
        comparisons.*,
        'same_name' as match_basis,
        exclusion_reason is null and match_method = 'same_name' as is_compared
    from {{ ref('int_undercutting__comparisons') }} as comparisons

)

select
    month,
    match_basis,
    hs_heading,
    is_compared,
    import_name || '|' || origin_country_code as product_id,
    landed_value_vnd as import_value_vnd,
    case when is_compared then landed_value_vnd end as compared_value_vnd,
    case when is_compared then domestic_value_vnd end as domestic_value_vnd,
    case when is_compared then domestic_value_vnd - landed_value_vnd end as gap_vnd,
    case when is_compared then cast(margin_percent * 10000 as bigint) end as margin,
    case when is_compared then listings end as listings
from bases
where {{ in_window('month') }}
