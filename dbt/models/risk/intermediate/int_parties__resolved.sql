{{ config(materialized='whole_table') }}
-- Who of the days of the run belongs to a component that another party names, as it was known by the
-- end of each day. A party without a row stands for itself.
with days as (

    select
        day,
        component_history_from
    from {{ ref('int_parties__days') }}

),

-- Only who is seen: a year of components has more parties than a day.
seen as (

    select distinct
        subjects.day,
        subjects.consignee_party_id as party_id,
        days.component_history_from
    from {{ ref('int_risk__subjects') }} as subjects
    inner join days
        on subjects.day = days.day
    where subjects.consignee_party_id in (
        select components.party_id
        from {{ ref('int_parties__components') }} as components
    )

),

told as (

    select
        seen.day,
        seen.party_id,
        components.component_id,
        row_number() over (
            partition by seen.day, seen.party_id
            order by components.day desc nulls last
        ) as reverse_rank
    from seen
    inner join {{ ref('int_parties__components') }} as components
        on seen.party_id = components.party_id
        and seen.day >= components.day
        and seen.component_history_from <= components.day

)

select
    day,
    party_id,
    component_id as resolved_party_id
from told
where reverse_rank = 1
