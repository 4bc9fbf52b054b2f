{{ config(materialized='day_window') }}
-- How much came for a busy consignee and from a busy sender on a day (to an address: int_places__days
-- of compliance). A small state:
-- only those above a daily minimum, which is where a jump shows. Lines of a declaration are no arrivals.
with parameters as (

    {{ parameters_by_day({'state_consignments': ['VELOCITY_STATE_CONSIGNMENTS', 'bigint']}) }}

)

{% for kind, key in {'consignee': 'consignee_party_id', 'seller': 'consignor_party_id'}.items() %}
select
    subjects.day,
    '{{ kind }}' as entity_kind,
    subjects.{{ key }} as entity_key,
    count(*) as consignments,
    cast(coalesce(sum(subjects.value_vnd), 0) as decimal(38, 2)) as value_vnd
from {{ ref('int_risk__home_subjects') }} as subjects
inner join parameters
    on subjects.day = parameters.day
{{ join_repeated('party', 'subjects', 'parameters.state_consignments') if kind == 'consignee' }}
where
    subjects.consignment_kind <> 'declaration_line'
    and subjects.{{ key }} is not null
group by
    subjects.day,
    subjects.{{ key }}
having count(*) >= max(parameters.state_consignments)
{{ 'union all' if not loop.last }}
{% endfor %}
