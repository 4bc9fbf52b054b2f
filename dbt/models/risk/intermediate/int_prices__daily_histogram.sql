{{ config(materialized='day_window') }}
-- Mergeable: days add up, so a look-back of any length needs no consignment again. A bucket is
-- stored as the log price of its lower edge, so days with different bucket widths still merge.
with priced as (

    {% for measure in peer_measures() %}
    select
        unit_values.day,
        '{{ measure }}' as measure,
        {{ peer_cell('unit_values') }},
        floor(
            ln({{ from_thousandths('cast(unit_values.' ~ measure ~ '_milli as double)') }})
            / cast(parameters.price_log_bucket as double)
        ) * cast(parameters.price_log_bucket as double) as log_price
    from {{ ref('int_prices__unit_values') }} as unit_values
    inner join {{ ref('int_risk__parameters') }} as parameters
        on unit_values.day = parameters.day
    where
        unit_values.{{ measure }}_milli > 0
        and parameters.price_log_bucket > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

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
