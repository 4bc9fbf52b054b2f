{#- Select of how often the contacts of the days in `parameters` (day, contact_history_from) were
    remembered on earlier days of the look-back. -#}
{% macro contact_history(parameters) -%}
select
    states.day,
    states.contact_kind,
    states.contact_token,
    count(*) as earlier_days
from {{ ref('int_risk__contact_days') }} as states
inner join {{ parameters }} as parameters
    on states.day = parameters.day
inner join {{ ref('int_risk__contact_days') }} as history
    on states.contact_kind = history.contact_kind
    and states.contact_token = history.contact_token
    and states.day > history.day
    and parameters.contact_history_from <= history.day
group by
    states.day,
    states.contact_kind,
    states.contact_token
{%- endmacro %}
