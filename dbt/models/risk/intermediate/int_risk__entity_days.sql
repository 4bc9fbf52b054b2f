{{ config(materialized='day_window') }}
-- How much came for a busy consignee and from a busy sender on a day (to an address: int_places__days
-- of compliance). A small state:
-- only those above a daily minimum, which is where a jump shows. Lines of a declaration are no arrivals.
with subjects as (

    select
        subjects.day,
        subjects.consignee_party_id as consignee_key,
        subjects.consignor_party_id as seller_key,
        subjects.value_vnd,
        parameters.state_consignments
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join (
        {{ parameters_by_day({'state_consignments': ['VELOCITY_STATE_CONSIGNMENTS', 'bigint']}) }}
    ) as parameters
        on subjects.day = parameters.day
    where subjects.consignment_kind <> 'declaration_line'

)

{% for kind in ['consignee', 'seller'] %}
select
    day,
    '{{ kind }}' as entity_kind,
    {{ kind }}_key as entity_key,
    count(*) as consignments,
    cast(coalesce(sum(value_vnd), 0) as decimal(38, 2)) as value_vnd
from subjects
where {{ kind }}_key is not null
group by
    day,
    {{ kind }}_key,
    state_consignments
having count(*) >= state_consignments
{{ 'union all' if not loop.last }}
{% endfor %}
