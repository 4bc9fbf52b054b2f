-- Which days' results a day's profiles may know: those of its look-back, strictly before it.
select
    parameters.day,
    held.day as history_day
from {{ ref('int_risk__parameters') }} as parameters
inner join (
    select distinct day
    from {{ ref('int_risk__profile_days') }}
) as held
    on parameters.day > held.day
    and parameters.profile_history_from <= held.day
