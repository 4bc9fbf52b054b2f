{{ config(materialized='day_window') }}
-- What inspections had shown of each cell when a day began. A model of the day reads this state and
-- never the results themselves.
{{ profile_states(ref('int_risk__goods_cells'), ref('int_risk__profile_history')) }}
