{{ config(materialized='day_window') }}
-- What the flow before a day says of a combination, without any result: how usual its route and
-- regime are for the goods, and what the lowest rate for the goods and origin was.
{{ goods_measures(ref('int_risk__parameters')) }}
