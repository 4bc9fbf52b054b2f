{#- What of a contact makes two parties one that share it, and the check that each needs beside it. -#}
{% macro party_contacts() -%}
    {{ return({
        'phone': {'usable': repeated_contacts()['phone'][1], 'checks': ['name', 'address']},
        'address': {'usable': repeated_contacts()['address'][1], 'checks': ['name']},
    }) }}
{%- endmacro %}

{#- How many people a contact serves: its names, and each party that states none. A locker, an office or
    a hotel has many; one name under many identities is what links are made for. -#}
{% macro party_fan_in(party='party_id', name='name_token') -%}
    count(distinct coalesce({{ name }}, {{ party }}))
{%- endmacro %}

{#- Select of the pairs of consignees that a shared contact and one check make one, by day and reason:
    each party that agrees, with the smallest of them (as many pairs as parties, however many).
    `days`: relation (day, key_history_from, party_fan_in_limit). One of the two is seen that day; the
    other too, or its contact was remembered before. A contact of more people than the limit, that
    day and remembered together, links none of them. -#}
{% macro party_links(days) -%}
with asked as (

    select distinct
        days.day,
        remembered.contact_kind,
        remembered.contact_token
    from {{ days }} as days
    inner join {{ ref('int_parties__contact_days') }} as remembered
        on days.day >= remembered.day
        and days.key_history_from <= remembered.day

),

sighted as (

    {% for contact, rule in party_contacts().items() %}
    select distinct
        consignments.day,
        '{{ contact }}' as contact_kind,
        consignments.consignee_{{ contact }}_token as contact_token,
        consignments.consignee_party_id as party_id,
        consignments.consignee_name_token as name_token,
        case
            when consignments.consignee_address_status = 'complete'
                then consignments.consignee_address_token
        end as address_token
    from {{ ref('fct_consignments') }} as consignments
    inner join (
        select day, contact_token
        from asked
        where contact_kind = '{{ contact }}'
    ) as of_kind
        on consignments.day = of_kind.day
        and consignments.consignee_{{ contact }}_token = of_kind.contact_token
    where
        consignments.is_active
        and consignments.consignee_party_id is not null
        and consignments.{{ rule.usable }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

known as (

    select
        sighted.day,
        sighted.contact_kind,
        sighted.contact_token,
        sighted.party_id,
        sighted.name_token,
        sighted.address_token,
        1 as is_sighted
    from sighted
    union all
    select distinct
        contacts.day,
        contacts.contact_kind,
        contacts.contact_token,
        nullif(remembered.party_id, '*') as party_id,
        nullif(remembered.name_token, '') as name_token,
        nullif(remembered.address_token, '') as address_token,
        0 as is_sighted
    from (select distinct day, contact_kind, contact_token from sighted) as contacts
    inner join {{ days }} as days
        on contacts.day = days.day
    inner join {{ ref('int_parties__contact_days') }} as remembered
        on contacts.contact_kind = remembered.contact_kind
        and contacts.contact_token = remembered.contact_token
        and contacts.day > remembered.day
        and days.key_history_from <= remembered.day

),

linking as (

    select
        known.day,
        known.contact_kind,
        known.contact_token
    from known
    inner join {{ days }} as days
        on known.day = days.day
    group by
        known.day,
        known.contact_kind,
        known.contact_token,
        days.party_fan_in_limit
    having
        count(distinct known.party_id) >= 2
        and {{ party_fan_in('known.party_id', 'known.name_token') }} <= days.party_fan_in_limit
        -- remembered without its parties: there were too many
        and count(*) = count(known.party_id)

),

-- Two that agree are one with the smallest that does.
{% for contact, rule in party_contacts().items() %}
{% for check in rule.checks %}
{{ contact }}_{{ check }} as (

    select
        known.day,
        known.contact_token,
        known.{{ check }}_token as check_token,
        min(known.party_id) as first_party_id,
        min(case when known.is_sighted = 1 then known.party_id end) as first_sighted_party_id
    from known
    inner join linking
        on known.day = linking.day
        and known.contact_kind = linking.contact_kind
        and known.contact_token = linking.contact_token
    where
        known.contact_kind = '{{ contact }}'
        and known.{{ check }}_token is not null
    group by
        known.day,
        known.contact_token,
        known.{{ check }}_token
    having min(known.party_id) < max(known.party_id)

),

{% endfor %}
{% endfor %}
paired as (

    {% for contact, rule in party_contacts().items() %}
    {% set of_contact = loop %}
    {% for check in rule.checks %}
    select
        agreeing.day,
        agreeing.first_party_id as party_id,
        known.party_id as other_party_id,
        '{{ contact }}_{{ check }}' as link_reason
    from {{ contact }}_{{ check }} as agreeing
    inner join known
        on agreeing.day = known.day
        and agreeing.contact_token = known.contact_token
        and agreeing.check_token = known.{{ check }}_token
    where
        known.contact_kind = '{{ contact }}'
        and agreeing.first_party_id <> known.party_id
        and (known.is_sighted = 1 or agreeing.first_party_id = agreeing.first_sighted_party_id)
    {{ 'union all' if not (loop.last and of_contact.last) }}
    {% endfor %}
    {% endfor %}

)

select distinct
    day,
    party_id,
    other_party_id,
    link_reason
from paired
{%- endmacro %}
