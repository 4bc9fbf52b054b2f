{{ config(materialized='day_window') }}
-- Results that became known in the window and the consignments they speak of. `day` is the day of
-- knowledge: a later result never rewrites an earlier day. Pending results wait.
{{ inspected_consignments(ref('int_risk__parameters')) }}
