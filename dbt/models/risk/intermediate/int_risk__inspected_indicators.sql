{{ config(materialized='day_window') }}
-- Results that became known in the window, tied to what had fired on their consignments. `day` is
-- the day of knowledge: a later result never rewrites an earlier day. Pending results wait.
{{ inspected_indicators(ref('int_risk__parameters')) }}
