{{ config(materialized='day_window') }}
-- A small state: contacts of consignees that served several receipts on a day, with the parties that
-- used them, so that a party of a later day can be recognised. Millions are seen once and forgotten.
-- Of parties of one name and address the smallest stands for all: the links of its day made them one.
-- A contact of more people than the limit (a locker, an office, a hotel) is kept without them.
with parameters as (

    {{ parameters_by_day({
        'party_state_receipts': ['PARTY_STATE_RECEIPTS', 'bigint'],
        'party_fan_in_limit': ['PARTY_FAN_IN_LIMIT', 'bigint'],
    }) }}

),

{% for contact, rule in party_contacts().items() %}
{{ contact }}_repeated as (

    select
        consignments.day,
        consignments.consignee_{{ contact }}_token as contact_token
    from {{ ref('int_risk__subjects') }} as consignments
    inner join parameters
        on consignments.day = parameters.day
    {{ join_repeated(contact, 'consignments', 'parameters.party_state_receipts') | indent(4) }}
    where
        consignments.consignee_party_id is not null
        and consignments.{{ rule.usable }}
    group by
        consignments.day,
        consignments.consignee_{{ contact }}_token
    having count(*) >= max(parameters.party_state_receipts)

),

{% endfor %}
remembered as (

    {% for contact, rule in party_contacts().items() %}
    select
        consignments.day,
        '{{ contact }}' as contact_kind,
        repeated.contact_token,
        min(consignments.consignee_party_id) as party_id,
        coalesce(consignments.consignee_name_token, '') as name_token,
        case
            when consignments.consignee_address_status = 'complete'
                then coalesce(consignments.consignee_address_token, '')
            else ''
        end as address_token
    from {{ ref('int_risk__subjects') }} as consignments
    inner join {{ contact }}_repeated as repeated
        on consignments.day = repeated.day
        and consignments.consignee_{{ contact }}_token = repeated.contact_token
    where
        consignments.consignee_party_id is not null
        and consignments.{{ rule.usable }}
    group by
        consignments.day,
        repeated.contact_token,
        coalesce(consignments.consignee_name_token, ''),
        case
            when consignments.consignee_address_status = 'complete'
                then coalesce(consignments.consignee_address_token, '')
            else ''
        end,
        -- nobody stands for parties without a name
        case when consignments.consignee_name_token is null then consignments.consignee_party_id end
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

crowded as (

    select
        remembered.day,
        remembered.contact_kind,
        remembered.contact_token
    from remembered
    inner join parameters
        on remembered.day = parameters.day
    group by
        remembered.day,
        remembered.contact_kind,
        remembered.contact_token,
        parameters.party_fan_in_limit
    having
        {{ party_fan_in('remembered.party_id', "nullif(remembered.name_token, '')") }}
        > parameters.party_fan_in_limit

)

select
    remembered.day,
    remembered.contact_kind,
    remembered.contact_token,
    remembered.party_id,
    remembered.name_token,
    remembered.address_token
from remembered
left join crowded
    on remembered.day = crowded.day
    and remembered.contact_kind = crowded.contact_kind
    and remembered.contact_token = crowded.contact_token
where crowded.day is null
union all
select
    day,
    contact_kind,
    contact_token,
    '*' as party_id,
    '' as name_token,
    '' as address_token
from crowded
