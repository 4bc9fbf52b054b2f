{{ config(materialized='day_window') }}
-- What results say of the rules that had fired: their performance is counted from here.
with linked as (

    select
        inspected.day,
        inspected.consignment_id,
        inspected.consignment_day,
        inspected.stratum,
        inspected.result,
        inspected.finding_type
    from {{ ref('int_risk__inspected_consignments') }} as inspected
    inner join {{ ref('int_risk__parameters') }} as parameters
        on inspected.day = parameters.day

)

{{ inspected_indicators('linked') }}
