{{ config(materialized='day_window') }}
-- What was known about contacts when a day began. Stored, so that a day whose past changed is found.
{{ contact_history(ref('int_risk__parameters')) }}
