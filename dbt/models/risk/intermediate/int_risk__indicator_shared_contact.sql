-- Dispatch 3923/TCHQ-GSQL (iii): one address, phone or id for many names on a day, or for several
-- names regularly: the days counted are strictly before the consignment's.
with today as (

    select
        states.day,
        states.contact_kind,
        states.contact_token,
        states.consignee_count,
        parameters.shared_contact_consignees,
        parameters.contact_regular_days
    from {{ ref('int_risk__contact_days') }} as states
    inner join (
        {{ parameters_by_day({
            'shared_contact_consignees': ['SHARED_CONTACT_CONSIGNEES', 'bigint'],
            'contact_regular_days': ['SHARED_CONTACT_REGULAR_DAYS', 'bigint']
        }) }}
    ) as parameters
        on states.day = parameters.day

),

shared as (

    select
        today.day,
        today.contact_kind,
        today.contact_token,
        today.consignee_count,
        coalesce(before.earlier_days, 0) as earlier_days
    from today
    left join {{ ref('int_risk__contact_history') }} as before
        on today.day = before.day
        and today.contact_kind = before.contact_kind
        and today.contact_token = before.contact_token
    where
        today.consignee_count >= today.shared_contact_consignees
        or coalesce(before.earlier_days, 0) >= today.contact_regular_days

),

{% set contacts = ['address', 'phone', 'id'] %}
{% for contact in contacts %}
shared_{{ contact }} as (

    select
        day,
        contact_token,
        consignee_count,
        earlier_days
    from shared
    where contact_kind = '{{ contact }}'

),

{% endfor %}
matched as (

    select
        subjects.consignment_id,
        subjects.day,
        {% for contact in contacts %}
        shared_{{ contact }}.consignee_count as {{ contact }}_consignees,
        shared_{{ contact }}.earlier_days as {{ contact }}_earlier_days{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('int_risk__home_subjects') }} as subjects
    {% for contact in contacts %}
    left join shared_{{ contact }}
        on subjects.day = shared_{{ contact }}.day
        and subjects.consignee_{{ contact }}_token = shared_{{ contact }}.contact_token
    {% endfor %}

)

{%- set facts = [] %}
{%- for contact in contacts %}
{%- for fact in [contact ~ '_consignees', contact ~ '_earlier_days'] %}
{%- do facts.append([fact, fact, 'number']) %}
{%- endfor %}
{%- endfor %}
select
    consignment_id,
    day,
    'shared_contact' as indicator_id,
    {{ evidence(facts) }} as evidence
from matched
where coalesce(address_consignees, phone_consignees, id_consignees) is not null
