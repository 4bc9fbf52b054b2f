-- Which statuses are flagged is law as data: parameter PLATFORM_FLAG_<STATUS> = 1 on the day.
with flagged as (

    select
        day,
        parameter_id
    from {{ ref('int_rules__in_force') }}
    where value = 1

)

select
    subjects.consignment_id,
    subjects.day,
    'platform_not_registered' as indicator_id,
    {{ evidence([
        ['platform', 'subjects.platform_code', 'text'],
        ['status', 'subjects.platform_status', 'text'],
    ]) }} as evidence
from {{ ref('int_risk__home_subjects') }} as subjects
inner join flagged
    on subjects.day = flagged.day
    and 'PLATFORM_FLAG_' || upper(subjects.platform_status) = flagged.parameter_id
