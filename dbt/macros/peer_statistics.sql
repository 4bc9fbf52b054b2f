{#- Select of the peer statistics of the days in `parameters` (day, price_history_from): histograms of
    the look-back, strictly before each day. -#}
{% macro peer_statistics(parameters) -%}
with history as (

    select
        parameters.day,
        histogram.hs_chapter,
        histogram.hs_heading,
        histogram.origin_country_code,
        histogram.valuation_currency_code,
        histogram.log_price_micro,
        sum(histogram.consignment_count) as consignment_count
    from {{ parameters }} as parameters
    inner join {{ ref('int_prices__daily_histogram') }} as histogram
        on parameters.day > histogram.day
        and parameters.price_history_from <= histogram.day
    group by
        parameters.day,
        histogram.hs_chapter,
        histogram.hs_heading,
        histogram.origin_country_code,
        histogram.valuation_currency_code,
        histogram.log_price_micro

),

-- '*' stands for every heading or origin: the groups an unknown or thin one backs off to.
by_group as (

    select
        day,
        hs_chapter,
        hs_heading,
        origin_country_code,
        valuation_currency_code,
        log_price_micro,
        cast(consignment_count as bigint) as consignment_count
    from history
    where
        hs_heading <> 'unknown'
        and origin_country_code <> 'unknown'
    union all
    select
        day,
        hs_chapter,
        hs_heading,
        '*' as origin_country_code,
        valuation_currency_code,
        log_price_micro,
        cast(sum(consignment_count) as bigint) as consignment_count
    from history
    where hs_heading <> 'unknown'
    group by
        day,
        hs_chapter,
        hs_heading,
        valuation_currency_code,
        log_price_micro
    union all
    select
        day,
        hs_chapter,
        '*' as hs_heading,
        '*' as origin_country_code,
        valuation_currency_code,
        log_price_micro,
        cast(sum(consignment_count) as bigint) as consignment_count
    from history
    group by
        day,
        hs_chapter,
        valuation_currency_code,
        log_price_micro

),

medians as (

    {{ lower_median(
        'by_group', ['day', 'hs_chapter', 'hs_heading', 'origin_country_code', 'valuation_currency_code'],
        'log_price_micro', 'consignment_count', 'median_log_price_micro'
    ) }}

),

deviations as (

    select
        by_group.day,
        by_group.hs_chapter,
        by_group.hs_heading,
        by_group.origin_country_code,
        by_group.valuation_currency_code,
        abs(by_group.log_price_micro - medians.median_log_price_micro) as deviation_micro,
        cast(sum(by_group.consignment_count) as bigint) as consignment_count
    from by_group
    inner join medians
        on by_group.day = medians.day
        and by_group.hs_chapter = medians.hs_chapter
        and by_group.hs_heading = medians.hs_heading
        and by_group.origin_country_code = medians.origin_country_code
        and by_group.valuation_currency_code = medians.valuation_currency_code
    group by
        by_group.day,
        by_group.hs_chapter,
        by_group.hs_heading,
        by_group.origin_country_code,
        by_group.valuation_currency_code,
        abs(by_group.log_price_micro - medians.median_log_price_micro)

),

spreads as (

    {{ lower_median(
        'deviations', ['day', 'hs_chapter', 'hs_heading', 'origin_country_code', 'valuation_currency_code'],
        'deviation_micro', 'consignment_count', 'mad_log_price_micro'
    ) }}

)

select
    medians.day,
    medians.hs_chapter,
    medians.hs_heading,
    medians.origin_country_code,
    medians.valuation_currency_code,
    medians.weight_sum as peer_count,
    medians.median_log_price_micro,
    spreads.mad_log_price_micro
from medians
inner join spreads
    on medians.day = spreads.day
    and medians.hs_chapter = spreads.hs_chapter
    and medians.hs_heading = spreads.hs_heading
    and medians.origin_country_code = spreads.origin_country_code
    and medians.valuation_currency_code = spreads.valuation_currency_code
{%- endmacro %}
