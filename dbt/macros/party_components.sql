{#- Select of who belongs to whom anew: a row for each day on which the component of a party changes,
    named by its smallest party. Only links of these days are followed, between the components stored
    before (`stored`: relation (day, party_id, component_id), of which days in `days` are not read).
    `days`: relation (day, component_history_from). Several days at once: each follows the links of
    those up to it, so that the answer is that of day after day. -#}
{% macro party_components(days, stored) -%}
with asked as (

    select day, component_history_from from {{ days }}

),

held as (

    select
        earlier.day,
        earlier.party_id,
        earlier.component_id
    from {{ stored }} as earlier
    where earlier.day not in (select asked.day from asked)

),

-- both ways
linked as (

    select distinct
        asked.day,
        case when ways.is_forward = 1 then links.party_id else links.other_party_id end as party_id,
        case when ways.is_forward = 1 then links.other_party_id else links.party_id end as other_party_id
    from asked
    inner join {{ ref('fct_party_links') }} as links
        on asked.day >= links.day
    inner join asked as followed
        on links.day = followed.day
    cross join (
        select 1 as is_forward
        union all
        select 0 as is_forward
    ) as ways

),

parties as (

    select distinct day, party_id
    from linked

),

before as (

    select
        parties.day,
        parties.party_id,
        held.component_id,
        row_number() over (
            partition by parties.day, parties.party_id
            order by held.day desc nulls last
        ) as reverse_rank
    from parties
    inner join asked
        on parties.day = asked.day
    left join held
        on parties.party_id = held.party_id
        and parties.day > held.day
        and asked.component_history_from <= held.day

),

based as (

    select day, party_id, coalesce(component_id, party_id) as component_id
    from before
    where reverse_rank = 1

),

-- One end, then the other: told both at once, the engine pairs every component with every other.
one_ended as (

    select distinct
        linked.day,
        one.component_id as node_id,
        linked.other_party_id
    from linked
    inner join based as one
        on linked.day = one.day
        and linked.party_id = one.party_id

),

crossing as (

    select distinct
        one_ended.day,
        one_ended.node_id,
        other.component_id as neighbour_id
    from one_ended
    inner join based as other
        on one_ended.day = other.day
        and one_ended.other_party_id = other.party_id
    where one_ended.node_id <> other.component_id

),

-- who belonged to a component that is touched, and the party that names it: the last that was stored
-- of each counts, and the smallest of a component has no row of its own
candidates as (

    select distinct
        based.day,
        asked.component_history_from,
        case when ways.is_member = 1 then held.party_id else based.component_id end as party_id
    from based
    inner join asked
        on based.day = asked.day
    left join held
        on based.component_id = held.component_id
        and based.day > held.day
        and asked.component_history_from <= held.day
    cross join (
        select 1 as is_member
        union all
        select 0 as is_member
    ) as ways
    where ways.is_member = 0 or held.party_id is not null

),

members as (

    select
        candidates.day,
        candidates.party_id,
        coalesce(held.component_id, candidates.party_id) as component_id,
        row_number() over (
            partition by candidates.day, candidates.party_id
            order by held.day desc nulls last
        ) as reverse_rank
    from candidates
    left join held
        on candidates.party_id = held.party_id
        and candidates.day > held.day
        and candidates.component_history_from <= held.day

),

relabelled as (

    select
        members.day,
        members.party_id,
        labels.label as component_id
    from members
    inner join ({{ component_labels('crossing') }}) as labels
        on members.day = labels.day
        and members.component_id = labels.node_id
    where
        members.reverse_rank = 1
        and labels.label <> labels.node_id

),

changed as (

    select
        day,
        party_id,
        component_id,
        lag(component_id) over (partition by party_id order by day asc nulls last) as component_id_before
    from relabelled

)

select
    day,
    party_id,
    component_id
from changed
where component_id_before is null or component_id_before <> component_id
{%- endmacro %}
