-- What neither the score nor the draw may touch: selected before them, or released by an officer. A
-- release does not reach what is mandatory.
select
    consignment_id,
    day,
    customs_office_code
from {{ ref('int_risk__selected_first') }}
union all
select
    released.consignment_id,
    released.day,
    subjects.customs_office_code
from {{ ref('int_risk__overrides') }} as released
inner join {{ ref('int_risk__home_subjects') }} as subjects
    on released.day = subjects.day
    and released.consignment_id = subjects.consignment_id
left join {{ ref('int_risk__selected_first') }} as selected_first
    on released.day = selected_first.day
    and released.consignment_id = selected_first.consignment_id
where
    released.override = 'release'
    and released.decision_rank = 1
    and released.consignment_day = released.day
    and selected_first.consignment_id is null
