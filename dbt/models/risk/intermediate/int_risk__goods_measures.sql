{{ config(materialized='day_window') }}
-- What the flow before a day says of a combination, without any result: how usual its route and
-- regime are for the goods, and what the lowest rate for the goods and origin was.
with asked as (

    select
        goods.day,
        {{ goods_columns('goods') }},
        substr(goods.goods_code, 1, 6) as goods_code_6,
        parameters.goods_history_from
    from {{ ref('int_risk__goods_days') }} as goods
    inner join {{ ref('int_risk__parameters') }} as parameters
        on goods.day = parameters.day

),

codes as (

    select distinct
        day,
        goods_code_6,
        goods_history_from
    from asked

),

history as (

    select
        codes.day,
        codes.goods_code_6,
        earlier.departure_country_code,
        earlier.origin_country_code,
        earlier.tariff_schedule_code,
        try_cast(earlier.duty_rate_milli as bigint) as duty_rate_milli,
        cast(sum(earlier.item_count) as bigint) as item_count
    from codes
    inner join {{ ref('int_risk__goods_days') }} as earlier
        on codes.goods_code_6 = substr(earlier.goods_code, 1, 6)
        and codes.day > earlier.day
        and codes.goods_history_from <= earlier.day
    group by
        codes.day,
        codes.goods_code_6,
        earlier.departure_country_code,
        earlier.origin_country_code,
        earlier.tariff_schedule_code,
        try_cast(earlier.duty_rate_milli as bigint)

),

{% for state, key in [
    ('by_code', []),
    ('by_departure', ['departure_country_code']),
    ('by_schedule', ['tariff_schedule_code']),
    ('by_origin', ['origin_country_code']),
] %}
{{ state }} as (

    select
        day,
        goods_code_6,
        {% for column in key %}{{ column }},
        {% endfor %}
        min(duty_rate_milli) as lowest_rate_milli,
        cast(sum(item_count) as bigint) as item_count
    from history
    group by
        day,
        goods_code_6{% for column in key %},
        {{ column }}{% endfor %}

){{ ',' if not loop.last }}

{% endfor %}
select
    asked.day,
    {{ goods_columns('asked') }},
    by_code.item_count as code_item_count,
    {{ thousandths(
        'cast(coalesce(by_departure.item_count, 0) as double) / cast(by_code.item_count as double)'
    ) }} as departure_share_milli,
    {{ thousandths(
        'cast(coalesce(by_schedule.item_count, 0) as double) / cast(by_code.item_count as double)'
    ) }} as schedule_share_milli,
    try_cast(asked.duty_rate_milli as bigint) - by_origin.lowest_rate_milli as rate_above_best_milli
from asked
left join by_code
    on asked.day = by_code.day
    and asked.goods_code_6 = by_code.goods_code_6
left join by_departure
    on asked.day = by_departure.day
    and asked.goods_code_6 = by_departure.goods_code_6
    and asked.departure_country_code = by_departure.departure_country_code
left join by_schedule
    on asked.day = by_schedule.day
    and asked.goods_code_6 = by_schedule.goods_code_6
    and asked.tariff_schedule_code = by_schedule.tariff_schedule_code
left join by_origin
    on asked.day = by_origin.day
    and asked.goods_code_6 = by_origin.goods_code_6
    and asked.origin_country_code = by_origin.origin_country_code
