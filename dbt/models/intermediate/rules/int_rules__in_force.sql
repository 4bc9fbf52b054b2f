{{ config(materialized='table') }}

-- The only as-of join with the law: everything else joins this table by parameter and day.
with parameters as (

    select * from {{ ref('rule_parameters') }}
    union all
    select * from {{ ref('risk_parameters') }}

),

days as (

    select day from {{ ref('int_calendar__days') }}

)

select
    parameters.parameter_id,
    days.day,
    try_cast(parameters.value as decimal(28, 6)) as value,
    parameters.value as value_text,
    parameters.unit,
    parameters.legal_instrument_id,
    parameters.evidence_grade,
    parameters.valid_from,
    parameters.valid_to
from parameters
inner join days
    on parameters.valid_from <= days.day
    and (parameters.valid_to is null or days.day <= parameters.valid_to)
