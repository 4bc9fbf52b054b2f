{{ config(materialized='day_window') }}
-- Mergeable: how much of each combination of goods, route and regime was declared a day. Whatever a
-- parcel's goods say is worked out once for each of these and not for each parcel.
select
    goods.day,
    {{ goods_columns('goods') }},
    count(*) as item_count
from {{ ref('int_risk__goods') }} as goods
inner join {{ ref('int_risk__parameters') }} as parameters
    on goods.day = parameters.day
where goods.is_active
group by
    goods.day,
    {{ goods_columns('goods') }}
