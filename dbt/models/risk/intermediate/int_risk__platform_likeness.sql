{{ config(materialized='day_window') }}
-- For which platform a sign speaks on a day, from the parcels of that day and of the look-back.
-- Stored, so that a day whose past changed is found.
{{ platform_likeness(ref('int_risk__parameters')) }}
