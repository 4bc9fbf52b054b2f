{{ config(materialized='day_window') }}
-- What inspections had shown of each cell when a day began. A model of the day reads this state and
-- never the results themselves.
with cells as (

    select
        day,
        profile_id,
        cell_key
    from {{ ref('int_risk__goods_cells') }}
    union all
    select
        day,
        profile_id,
        cell_key
    from {{ ref('int_risk__entity_cells') }}
    -- of everything together there is one cell, whatever came
    union all
    select
        day,
        'all' as profile_id,
        '' as cell_key
    from {{ ref('int_risk__parameters') }}

)

{{ profile_states('cells', ref('int_risk__profile_history')) }}
