{#- The only as-of join with the law: every parameter on each of these days; what the site sets takes
    the place of the shipped value. `days`: a relation or a common table expression with the column
    day. -#}
{% macro rules_in_force(days) -%}
select
    parameters.parameter_id,
    days.day,
    try_cast(coalesce(site.value, parameters.value) as decimal(28, 6)) as value,
    coalesce(site.value, parameters.value) as value_text,
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
left join {{ ref('stg_ingest__site_parameters') }} as site
    on parameters.parameter_id = site.parameter_id
    and site.valid_from <= days.day
    and (site.valid_to is null or days.day <= site.valid_to)
{%- endmacro %}
