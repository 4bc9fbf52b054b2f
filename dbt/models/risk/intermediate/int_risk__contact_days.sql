{{ config(materialized='day_window') }}
-- A small state: only contacts that served several names on a day, so "regularly" is a look-up.
-- An address counts when complete and a phone when valid: a bare city or a zero is shared by all.
-- Each contact reads its own columns: a common select of all of them costs as much again.
{% set contacts = [
    ('address', "consignee_address_status = 'complete'"),
    ('phone', "consignee_phone_status = 'valid'"),
    ('id', "consignee_id_status in ('tax_code', 'personal_id')"),
] %}
with
{% for contact, usable in contacts %}
-- Rows bound distinct names from above: the exact count is for the few contacts that can pass.
{{ contact }}_candidates as (

    select
        subjects.day,
        subjects.consignee_{{ contact }}_token as contact_token,
        max(parameters.contact_state_consignees) as least_consignees
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join {{ ref('int_risk__parameters') }} as parameters
        on subjects.day = parameters.day
    where subjects.{{ usable }}
    group by
        subjects.day,
        subjects.consignee_{{ contact }}_token
    having count(*) >= max(parameters.contact_state_consignees)

){{ ',' if not loop.last }}

{% endfor %}
{% for contact, usable in contacts %}
select
    subjects.day,
    '{{ contact }}' as contact_kind,
    candidates.contact_token,
    count(distinct subjects.consignee_name_token) as consignee_count,
    count(*) as consignment_count
from {{ ref('int_risk__home_subjects') }} as subjects
inner join {{ contact }}_candidates as candidates
    on subjects.day = candidates.day
    and subjects.consignee_{{ contact }}_token = candidates.contact_token
where subjects.{{ usable }}
group by
    subjects.day,
    candidates.contact_token,
    candidates.least_consignees
having count(distinct subjects.consignee_name_token) >= candidates.least_consignees
{{ 'union all' if not loop.last }}
{% endfor %}
