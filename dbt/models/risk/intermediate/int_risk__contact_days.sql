{{ config(materialized='day_window') }}
-- A small state: only contacts that served several names on a day, so "regularly" is a look-up.
-- An address counts when complete and a phone when valid: a bare city or a zero is shared by all.
-- Each contact reads its own columns: a common select of all of them costs as much again. Records bound
-- distinct names from above: the exact count is for the few contacts that can pass.
{% for contact in ['address', 'phone', 'id'] %}
select
    subjects.day,
    '{{ contact }}' as contact_kind,
    repeated.contact_key as contact_token,
    count(distinct subjects.consignee_name_token) as consignee_count,
    count(*) as consignment_count
from {{ ref('int_risk__home_subjects') }} as subjects
inner join {{ ref('int_risk__parameters') }} as parameters
    on subjects.day = parameters.day
{{ join_repeated(contact, 'subjects', 'parameters.contact_state_consignees') }}
where subjects.{{ repeated_contacts()[contact][1] }}
group by
    subjects.day,
    repeated.contact_key
having count(distinct subjects.consignee_name_token) >= max(parameters.contact_state_consignees)
{{ 'union all' if not loop.last }}
{% endfor %}
