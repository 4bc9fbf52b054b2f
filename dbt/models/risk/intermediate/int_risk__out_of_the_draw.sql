-- What cannot be drawn at random: the stratum of the draw is what nothing else has decided on.
select
    consignment_id,
    day,
    customs_office_code
from {{ ref('int_risk__decided_first') }}
union all
select
    consignment_id,
    day,
    customs_office_code
from {{ ref('int_risk__selected_by_score') }}
