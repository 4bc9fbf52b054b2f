{#- The only as-of join with the law: every parameter on each of these days. `days`: a relation or a
    common table expression with the column day. -#}
{% macro rules_in_force(days) -%}
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
from (
    select * from {{ ref('rule_parameters') }}
    union all
    select * from {{ ref('risk_parameters') }}
) as parameters
inner join {{ days }} as days
    on parameters.valid_from <= days.day
    and (parameters.valid_to is null or days.day <= parameters.valid_to)
{%- endmacro %}
