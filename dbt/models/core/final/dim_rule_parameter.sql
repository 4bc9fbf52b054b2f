-- Every dated parameter, past, present and future; is_in_force looks at the last day held.
with parameters as (

    select * from {{ ref('rule_parameters') }}
    union all
    select * from {{ ref('risk_parameters') }}

),

last_day as (

    {{ last_day_held() }}

)

select
    parameters.parameter_id,
    cast(row_number() over (
        partition by parameters.parameter_id
        order by parameters.valid_from asc nulls last
    ) as bigint) as period_number,
    parameters.valid_from,
    parameters.valid_to,
    parameters.meaning_vi,
    parameters.meaning_en,
    parameters.value,
    parameters.unit,
    coalesce(
        parameters.valid_from <= last_day.day
        and (parameters.valid_to is null or last_day.day <= parameters.valid_to), false
    ) as is_in_force,
    parameters.legal_instrument_id,
    parameters.evidence_grade,
    parameters.note
from parameters
cross join last_day
