{{ config(materialized='whole_table') }}
-- Contacts and parties of consignees that came more than once on a day of the run, with their records.
-- Counting millions of tokens costs most of what is found by them: counted here once, for all who look
-- for the few that are busy. Records of every kind count: an upper bound, whoever reads counts exactly.
with limits as (

    -- below the least number that any reader asks for, nothing is left out
    select
        day,
        least(
            gathering_consignments, contact_consignees, party_receipts, velocity_consignments,
            receipts_per_day_limit + 1, 2
        ) as least_records
    from (
        {{ parameters_by_day({
            'gathering_consignments': ['GATHERING_STATE_CONSIGNMENTS', 'bigint'],
            'contact_consignees': ['SHARED_CONTACT_STATE_CONSIGNEES', 'bigint'],
            'party_receipts': ['PARTY_STATE_RECEIPTS', 'bigint'],
            'velocity_consignments': ['VELOCITY_STATE_CONSIGNMENTS', 'bigint'],
            'receipts_per_day_limit': ['RECEIPTS_PER_DAY_FLAG', 'bigint'],
        }) }}
    ) as parameters

)

{% for kind, (column, usable) in repeated_contacts().items() %}
select
    consignments.day,
    '{{ kind }}' as contact_kind,
    consignments.{{ column }} as contact_key,
    count(*) as records
from {{ ref('fct_consignments') }} as consignments
inner join limits
    on consignments.day = limits.day
where
    consignments.is_active
    and {{ usable }}
group by
    consignments.day,
    consignments.{{ column }}
having count(*) >= max(limits.least_records)
{{ 'union all' if not loop.last }}
{% endfor %}
