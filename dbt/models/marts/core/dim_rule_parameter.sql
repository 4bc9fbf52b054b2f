-- Every dated parameter, past, present and future; is_in_force looks at the last day of the window.
with parameters as (

    select * from {{ ref('rule_parameters') }}
    union all
    select * from {{ ref('risk_parameters') }}

),

window_end as (

    select max(day) as day from {{ ref('int_calendar__days') }}

)

select
    parameters.parameter_id,
    row_number() over (
        partition by parameters.parameter_id
        order by parameters.valid_from asc nulls last
    ) as period_number,
    parameters.valid_from,
    parameters.valid_to,
    parameters.meaning_vi,
    parameters.meaning_en,
    parameters.value,
    parameters.unit,
    coalesce(
        parameters.valid_from <= window_end.day
        and (parameters.valid_to is null or window_end.day <= parameters.valid_to), false
    ) as is_in_force,
    parameters.legal_instrument_id,
    parameters.evidence_grade,
    parameters.note
from parameters
cross join window_end
