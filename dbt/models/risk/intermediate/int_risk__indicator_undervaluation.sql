-- One signal, never decisive: the declared value per kilogram is far below the peers' of earlier
-- days. Peers: heading and origin, else heading, else chapter; the first with enough of them.
with combinations as (

    select distinct
        histogram.day,
        histogram.hs_chapter,
        histogram.hs_heading,
        histogram.origin_country_code,
        histogram.valuation_currency_code,
        parameters.price_minimum_peers,
        parameters.undervaluation_mad_factor,
        {{ fixed_point('cast(parameters.undervaluation_minimum_mad as double)') }} as minimum_mad_micro
    from {{ ref('int_prices__daily_histogram') }} as histogram
    inner join (
        {{ parameters_by_day({
            'price_minimum_peers': ['PRICE_MIN_PEERS', 'bigint'],
            'undervaluation_mad_factor': ['UNDERVALUATION_MAD_FACTOR', 'decimal(18,6)'],
            'undervaluation_minimum_mad': ['UNDERVALUATION_MIN_MAD', 'decimal(18,6)']
        }) }}
    ) as parameters
        on histogram.day = parameters.day

),

candidates as (

    {% for heading, origin, level in [
        ('combinations.hs_heading', 'combinations.origin_country_code', 'hs_heading_origin'),
        ('combinations.hs_heading', "'*'", 'hs_heading'),
        ("'*'", "'*'", 'hs_chapter'),
    ] %}
    select
        combinations.day,
        combinations.hs_chapter,
        combinations.hs_heading,
        combinations.origin_country_code,
        combinations.valuation_currency_code,
        {{ loop.index }} as preference,
        '{{ level }}' as peer_level,
        peers.peer_count,
        peers.median_log_price_micro,
        cast(peers.median_log_price_micro as double)
            - cast(combinations.undervaluation_mad_factor as double)
            * cast(
                greatest(peers.mad_log_price_micro, combinations.minimum_mad_micro) as double
            ) as limit_log_price_micro
    from combinations
    inner join {{ ref('int_prices__peer_statistics') }} as peers
        on combinations.day = peers.day
        and combinations.hs_chapter = peers.hs_chapter
        and {{ heading }} = peers.hs_heading
        and {{ origin }} = peers.origin_country_code
        and combinations.valuation_currency_code = peers.valuation_currency_code
    where peers.peer_count >= combinations.price_minimum_peers
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        day,
        hs_chapter,
        hs_heading,
        origin_country_code,
        valuation_currency_code,
        peer_level,
        peer_count,
        {{ thousandths('exp(' ~ from_fixed_point('median_log_price_micro') ~ ')') }}
            as median_milli_per_kg,
        {{ thousandths('exp(' ~ from_fixed_point('limit_log_price_micro') ~ ')') }}
            as limit_milli_per_kg,
        row_number() over (
            partition by
                day, hs_chapter, hs_heading, origin_country_code, valuation_currency_code
            order by preference nulls last
        ) as preference_rank
    from candidates

),

-- the cheapest item against its limit speaks for its consignment
below as (

    select
        items.consignment_id,
        items.day,
        items.unit_value_milli_per_kg,
        items.valuation_currency_code,
        ranked.limit_milli_per_kg,
        ranked.median_milli_per_kg,
        ranked.peer_count,
        ranked.peer_level,
        row_number() over (
            partition by items.consignment_id, items.day
            order by
                cast(items.unit_value_milli_per_kg as double)
                / cast(nullif(ranked.limit_milli_per_kg, 0) as double) nulls last,
                items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join ranked
        on items.day = ranked.day
        and items.hs_chapter = ranked.hs_chapter
        and items.hs_heading = ranked.hs_heading
        and items.origin_country_code = ranked.origin_country_code
        and items.valuation_currency_code = ranked.valuation_currency_code
    where
        ranked.preference_rank = 1
        and items.is_home_import
        and items.unit_value_milli_per_kg > 0
        and items.unit_value_milli_per_kg < ranked.limit_milli_per_kg

)

select
    consignment_id,
    day,
    'undervaluation' as indicator_id,
    {{ evidence([
        ['unit_value_milli_per_kg', 'unit_value_milli_per_kg', 'number'],
        ['limit_milli_per_kg', 'limit_milli_per_kg', 'number'],
        ['peer_median_milli_per_kg', 'median_milli_per_kg', 'number'],
        ['currency', 'valuation_currency_code', 'text'],
        ['peers', 'peer_count', 'number'],
        ['peer_level', 'peer_level', 'text'],
    ]) }} as evidence
from below
where item_rank = 1
