{{ config(materialized='day_window') }}
-- Mergeable: days add up, so a look-back of any length needs no consignment again. A bucket is
-- stored as the log price of its lower edge, so days with different bucket widths still merge.
with measures as (

    {% for measure in peer_measures() %}
    select '{{ measure }}' as measure
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

{% set price_milli %}
    case measures.measure
        {% for measure in peer_measures() %}
        when '{{ measure }}' then unit_values.{{ measure }}_milli
        {% endfor %}
    end
{% endset %}
priced as (

    select
        unit_values.day,
        measures.measure,
        {{ peer_cell('unit_values') }},
        floor(
            ln({{ from_thousandths('cast(' ~ price_milli ~ ' as double)') }})
            / cast(parameters.price_log_bucket as double)
        ) * cast(parameters.price_log_bucket as double) as log_price
    from {{ ref('int_prices__unit_values') }} as unit_values
    inner join {{ ref('int_risk__parameters') }} as parameters
        on unit_values.day = parameters.day
    cross join measures
    where
        {{ price_milli }} > 0
        and parameters.price_log_bucket > 0

)

select
    day,
    measure,
    {{ peer_cell() }},
    {{ fixed_point('log_price') }} as log_price_micro,
    count(*) as consignment_count
from priced
group by
    day,
    measure,
    {{ peer_cell() }},
    {{ fixed_point('log_price') }}
