{{ config(materialized='day_window') }}
-- A small state: only contacts that served several names on a day, so "regularly" is a look-up.
-- An address counts when complete and a phone when valid: a bare city or a zero is shared by all.
with subjects as (

    select
        subjects.day,
        subjects.consignee_name_token,
        subjects.consignee_address_token,
        subjects.consignee_address_status,
        subjects.consignee_phone_token,
        subjects.consignee_phone_status,
        subjects.consignee_id_token,
        subjects.consignee_id_status,
        parameters.contact_state_consignees
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join {{ ref('int_risk__parameters') }} as parameters
        on subjects.day = parameters.day

),

{% set contacts = [
    ('address', "consignee_address_status = 'complete'"),
    ('phone', "consignee_phone_status = 'valid'"),
    ('id', "consignee_id_status in ('tax_code', 'personal_id')"),
] %}
{% for contact, usable in contacts %}
-- Rows bound distinct names from above: the exact count is for the few contacts that can pass.
{{ contact }}_candidates as (

    select
        day,
        consignee_{{ contact }}_token
    from subjects
    where {{ usable }}
    group by
        day,
        consignee_{{ contact }}_token,
        contact_state_consignees
    having count(*) >= contact_state_consignees

),

{{ contact }}_days as (

    select
        subjects.day,
        '{{ contact }}' as contact_kind,
        subjects.consignee_{{ contact }}_token as contact_token,
        count(distinct subjects.consignee_name_token) as consignee_count,
        count(*) as consignment_count
    from subjects
    inner join {{ contact }}_candidates as candidates
        on subjects.day = candidates.day
        and subjects.consignee_{{ contact }}_token = candidates.consignee_{{ contact }}_token
    where {{ usable }}
    group by
        subjects.day,
        subjects.consignee_{{ contact }}_token,
        subjects.contact_state_consignees
    having count(distinct subjects.consignee_name_token) >= subjects.contact_state_consignees

){{ ',' if not loop.last }}

{% endfor %}
{% for contact, usable in contacts %}
select
    day,
    contact_kind,
    contact_token,
    consignee_count,
    consignment_count
from {{ contact }}_days
{{ 'union all' if not loop.last }}
{% endfor %}
