{{ config(materialized='day_window') }}
-- What was known about prices when a day began: histograms of the look-back, strictly before it.
{{ peer_statistics(ref('int_risk__parameters')) }}
