{{ config(materialized='whole_table') }}
-- The cells that the consignments of the run's days ask for: every cohort, and whom a result is known
-- of. The others are as many as parcels and have nothing to say beside their cohort.
with known as (

    select distinct
        history.day,
        results.profile_id,
        results.cell_key
    from {{ ref('int_risk__profile_days') }} as results
    inner join {{ ref('int_risk__profile_history') }} as history
        on results.day = history.history_day
    where
        {{ is_entity_profile('results.profile_id') }}
        and results.outcome = 'inspected' -- whatever was found of, was inspected

)

{{ entity_cells(ref('int_risk__parameters'), 'known') }}
