-- One signal, never decisive: the declared value per kilogram is far below the peers' of earlier
-- days. Peers: heading and origin, else heading, else chapter; the first with enough of them.
with combinations as (

    select distinct
        histogram.day,
        histogram.hs_chapter,
        histogram.hs_heading,
        histogram.origin_country_code,
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
        peer_level,
        peer_count,
        cast(floor(exp({{ from_fixed_point('median_log_price_micro') }})) as bigint)
            as median_vnd_per_kg,
        cast(floor(exp({{ from_fixed_point('limit_log_price_micro') }})) as bigint)
            as limit_vnd_per_kg,
        row_number() over (
            partition by day, hs_chapter, hs_heading, origin_country_code
            order by preference nulls last
        ) as preference_rank
    from candidates

)

select
    subjects.consignment_id,
    subjects.day,
    'undervaluation' as indicator_id,
    'unit_value_vnd_per_kg=' || cast(subjects.unit_value_vnd_per_kg as string)
        || '; limit=' || cast(ranked.limit_vnd_per_kg as string)
        || '; peer_median=' || cast(ranked.median_vnd_per_kg as string)
        || '; peers=' || cast(ranked.peer_count as string)
        || '; peer_level=' || ranked.peer_level as evidence
from {{ ref('int_risk__subjects') }} as subjects
inner join ranked
    on subjects.day = ranked.day
    and subjects.hs_chapter = ranked.hs_chapter
    and subjects.hs_heading = ranked.hs_heading
    and subjects.origin_country_code = ranked.origin_country_code
where
    ranked.preference_rank = 1
    and subjects.unit_value_vnd_per_kg > 0
    and subjects.unit_value_vnd_per_kg < ranked.limit_vnd_per_kg
