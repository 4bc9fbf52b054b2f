{#- Prices of peers: the measures, the cell of an item, the levels that a thin cell backs off to, and
    the statistics of a day. Add a level here and its name in the description of the evidence
    (risk_evidence). Keep out: fewest peers and look-back (risk_parameters). -#}

{#- A unit value is per kilogram or per piece; columns <measure>_milli of int_prices__unit_values. -#}
{% macro peer_measures() -%}
    {{ return(['per_kg', 'per_piece']) }}
{%- endmacro %}

{#- The columns of a cell, of `relation` where it is named. A goods group is a heading, declared or
    classified; where neither is known, what a name suggests most groups goods, and only them: it
    does not say what they are. -#}
{% macro peer_columns() -%}
    {{ return([
        'hs_chapter', 'goods_group', 'origin_country_code', 'channel', 'trade_level',
        'valuation_currency_code',
    ]) }}
{%- endmacro %}

{% macro peer_cell(relation=none) -%}
    {%- set dot = relation ~ '.' if relation else '' -%}
    {{ dot }}{{ peer_columns() | join(',\n    ' ~ dot) }}
{%- endmacro %}

{#- From the nearest peers to the widest: name -> what stays of a cell. The rest is '*', every one of
    it; the last is every group of a known chapter. The trade level and the currency always stay:
    what a shop pays says nothing of a person's. -#}
{% macro peer_levels() -%}
    {{ return({
        'hs_heading_origin_channel': ['goods_group', 'origin_country_code', 'channel'],
        'hs_heading_origin': ['goods_group', 'origin_country_code'],
        'hs_heading_channel': ['goods_group', 'channel'],
        'hs_heading': ['goods_group'],
        'hs_chapter': [],
    }) }}
{%- endmacro %}

{#- A column of a cell at a level: itself, or every one of it. -#}
{% macro at_peer_level(column, kept, relation=none) -%}
    {%- set widened = ['goods_group', 'origin_country_code', 'channel'] -%}
    {%- if column in widened and column not in kept -%}
        {{ return("'*'") }}
    {%- endif -%}
    {{ return(relation ~ '.' ~ column if relation else column) }}
{%- endmacro %}

{#- Select of the peer statistics of the days in `parameters` (day, price_history_from): histograms of
    the look-back, strictly before each day. -#}
{% macro peer_statistics(parameters) -%}
{%- set group = ['day', 'measure'] + peer_columns() -%}
with history as (

    select
        parameters.day,
        histogram.measure,
        {{ peer_cell('histogram') }},
        histogram.log_price_micro,
        cast(sum(histogram.consignment_count) as bigint) as consignment_count
    from {{ parameters }} as parameters
    inner join {{ ref('int_prices__daily_histogram') }} as histogram
        on parameters.day > histogram.day
        and parameters.price_history_from <= histogram.day
    group by
        parameters.day,
        histogram.measure,
        {{ peer_cell('histogram') }},
        histogram.log_price_micro

),

-- An unknown origin, channel or chapter is no peer of its like: it counts where all are counted.
by_group as (

    {% for kept in peer_levels().values() %}
    select
        day,
        measure,
        {% for column in peer_columns() %}
        {{ at_peer_level(column, kept) }} as {{ column }},
        {% endfor %}
        log_price_micro,
        cast(sum(consignment_count) as bigint) as consignment_count
    from history
    {% for column in kept or ['hs_chapter'] %}
    {{ 'where' if loop.first else 'and' }} {{ column }} <> 'unknown'
    {% endfor %}
    group by
        day,
        measure,
        {% for column in peer_columns() if at_peer_level(column, kept) != "'*'" %}
        {{ column }},
        {% endfor %}
        log_price_micro
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

medians as (

    {{ lower_median(
        'by_group', group, 'log_price_micro', 'consignment_count', 'median_log_price_micro'
    ) }}

),

deviations as (

    select
        by_group.{{ group | join(',\n        by_group.') }},
        abs(by_group.log_price_micro - medians.median_log_price_micro) as deviation_micro,
        cast(sum(by_group.consignment_count) as bigint) as consignment_count
    from by_group
    inner join medians
        on {% for column in group -%}
        {{ 'and ' if not loop.first }}by_group.{{ column }} = medians.{{ column }}
        {% endfor %}
    group by
        by_group.{{ group | join(',\n        by_group.') }},
        abs(by_group.log_price_micro - medians.median_log_price_micro)

),

spreads as (

    {{ lower_median(
        'deviations', group, 'deviation_micro', 'consignment_count', 'mad_log_price_micro'
    ) }}

)

select
    medians.{{ group | join(',\n    medians.') }},
    medians.weight_sum as peer_count,
    medians.median_log_price_micro,
    spreads.mad_log_price_micro
from medians
inner join spreads
    on {% for column in group -%}
    {{ 'and ' if not loop.first }}medians.{{ column }} = spreads.{{ column }}
    {% endfor %}
{%- endmacro %}
