-- One signal, never decisive: the declared value per kilogram or per piece is far below the peers'
-- of earlier days. Peers: the first level of peer_levels with enough of them, by heading or, where it
-- is unknown, by the heading that names suggest; of two measures the one whose peers lie closer
-- together, which says more.
{% set cell = ['day', 'measure'] + peer_columns() %}
with combinations as (

    select distinct
        histogram.{{ cell | join(',\n        histogram.') }},
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

    {% for level, kept in peer_levels().items() %}
    select
        combinations.{{ cell | join(',\n        combinations.') }},
        combinations.undervaluation_mad_factor,
        {{ loop.index }} as preference,
        case
            when combinations.hs_chapter = 'unknown'
                then '{{ level | replace('hs_heading', 'named_heading') }}'
            else '{{ level }}'
        end as peer_level,
        peers.peer_count,
        peers.median_log_price_micro,
        greatest(peers.mad_log_price_micro, combinations.minimum_mad_micro) as spread_micro
    from combinations
    inner join {{ ref('int_prices__peer_statistics') }} as peers
        on combinations.day = peers.day
        and combinations.measure = peers.measure
        {% for column in peer_columns() %}
        and {{ at_peer_level(column, kept, 'combinations') }} = peers.{{ column }}
        {% endfor %}
    where peers.peer_count >= combinations.price_minimum_peers
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

nearest as (

    select
        candidates.*,
        cast(median_log_price_micro as double)
            - cast(undervaluation_mad_factor as double) * cast(spread_micro as double)
            as limit_log_price_micro,
        row_number() over (
            partition by {{ cell | join(', ') }}
            order by preference nulls last
        ) as preference_rank
    from candidates

),

limits as (

    select
        day,
        {{ peer_cell() }},
        {% for measure in peer_measures() %}
        max(case when measure = '{{ measure }}' then preference end) as {{ measure }}_preference,
        max(case when measure = '{{ measure }}' then peer_level end) as {{ measure }}_level,
        max(case when measure = '{{ measure }}' then peer_count end) as {{ measure }}_peers,
        max(case when measure = '{{ measure }}' then spread_micro end) as {{ measure }}_spread,
        max(case when measure = '{{ measure }}'
            then {{ thousandths('exp(' ~ from_fixed_point('median_log_price_micro') ~ ')') }} end)
            as {{ measure }}_median,
        max(case when measure = '{{ measure }}'
            then {{ thousandths('exp(' ~ from_fixed_point('limit_log_price_micro') ~ ')') }} end)
            as {{ measure }}_limit{{ ',' if not loop.last }}
        {% endfor %}
    from nearest
    where preference_rank = 1
    group by
        day,
        {{ peer_cell() }}

),

-- the measure is chosen before its value is seen
measured as (

    select
        unit_values.*,
        {% for measure in peer_measures() %}
        limits.{{ measure }}_level,
        limits.{{ measure }}_peers,
        limits.{{ measure }}_median,
        limits.{{ measure }}_limit,
        {% endfor %}
        case
            when unit_values.per_kg_milli > 0 and limits.per_kg_limit > 0 and (
                unit_values.per_piece_milli is null
                or limits.per_piece_limit is null
                or limits.per_kg_spread < limits.per_piece_spread
                or (
                    limits.per_kg_spread = limits.per_piece_spread
                    and limits.per_kg_preference <= limits.per_piece_preference
                )
            ) then 'per_kg'
            when unit_values.per_piece_milli > 0 and limits.per_piece_limit > 0 then 'per_piece'
        end as measure
    from {{ ref('int_prices__unit_values') }} as unit_values
    inner join limits
        on unit_values.day = limits.day
        {% for column in peer_columns() %}
        and unit_values.{{ column }} = limits.{{ column }}
        {% endfor %}

),

judged as (

    select
        consignment_id,
        day,
        item_number,
        trade_level,
        valuation_currency_code,
        measure,
        {% for column, name in {
            'milli': 'unit_value_milli', 'limit': 'limit_milli', 'median': 'median_milli',
            'peers': 'peer_count', 'level': 'peer_level',
        }.items() %}
        case measure
            {% for measure in peer_measures() %}
            when '{{ measure }}' then {{ measure }}_{{ column }}
            {% endfor %}
        end as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from measured
    where
        {% for measure in peer_measures() %}
        {{ 'or ' if not loop.first }}(measure = '{{ measure }}' and {{ measure }}_milli < {{ measure }}_limit)
        {% endfor %}

),

-- the cheapest item against its limit speaks for its consignment
ranked as (

    select
        judged.*,
        row_number() over (
            partition by consignment_id, day
            order by
                cast(unit_value_milli as double) / cast(nullif(limit_milli, 0) as double) nulls last,
                item_number nulls last
        ) as item_rank
    from judged

)

select
    consignment_id,
    day,
    'undervaluation' as indicator_id,
    {{ evidence([
        ['measure', 'measure', 'text'],
        ['unit_value_milli', 'unit_value_milli', 'number'],
        ['limit_milli', 'limit_milli', 'number'],
        ['peer_median_milli', 'median_milli', 'number'],
        ['share_of_median_micro', share_in_millionths('unit_value_milli', 'median_milli'), 'number'],
        ['currency', 'valuation_currency_code', 'text'],
        ['peers', 'peer_count', 'number'],
        ['peer_level', 'peer_level', 'text'],
        ['trade_level', 'trade_level', 'text'],
    ]) }} as evidence,
    -- how far below the limit, as a share of it
    greatest(
        1,
        {{ thousandths('1 - cast(unit_value_milli as double) / cast(nullif(limit_milli, 0) as double)') }}
    ) as strength_milli
from ranked
where item_rank = 1
