{{ config(materialized='day_window') }}
-- Decisions of officers and their consignments, on the later day of the two. What was decided after
-- the consignment's day changes nothing that was published: its selection reads rows of its own day.
{{ override_links(ref('int_risk__parameters')) }}
