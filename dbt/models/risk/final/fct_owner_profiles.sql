-- Finding rates of owners, several identities that are taken for one, as of the last day held: what
-- was found of one identity counts for all. fct_entity_profiles has each identity alone, as a day
-- began. A list that every run makes anew, because whom a party belongs to may change later.
with known as (

    select * from {{ ref('int_risk__owner_results') }}

),

-- never nothing and never everything: one finding and one other case are assumed
base_rates as (

    select
        found.outcome as risk_type,
        cast(found.case_count + 1 as double) / cast(inspected.case_count + 2 as double) as rate
    from known as found
    inner join known as inspected
        on inspected.profile_id = 'all'
        and inspected.outcome = 'inspected'
    where
        found.profile_id = 'all'
        and found.outcome <> 'inspected'

),

inspected_parties as (

    select
        last_day,
        shrinkage,
        cell_key as party_id,
        case_count
    from known
    where
        profile_id = 'consignee'
        and outcome = 'inspected'

),

belonging as (

    {{ last_components('inspected_parties') }}

),

-- the party that names a component has no row of its own there
owned as (

    select
        inspected_parties.last_day,
        inspected_parties.shrinkage,
        inspected_parties.party_id,
        inspected_parties.case_count,
        coalesce(belonging.component_id, inspected_parties.party_id) as owner_party_id
    from inspected_parties
    left join belonging
        on inspected_parties.party_id = belonging.party_id

),

-- whoever ever belonged to one of them, and does so still
candidates as (

    select distinct components.party_id
    from {{ ref('int_parties__components') }} as components
    inner join owned
        on components.component_id = owned.owner_party_id

),

identities as (

    select
        belongs.component_id as owner_party_id,
        count(*) + 1 as identity_count
    from ({{ last_components('candidates') }}) as belongs
    group by belongs.component_id

),

owners as (

    select
        owned.last_day,
        owned.shrinkage,
        owned.owner_party_id,
        identities.identity_count,
        count(*) as inspected_identity_count,
        cast(sum(owned.case_count) as bigint) as inspected_count
    from owned
    inner join identities
        on owned.owner_party_id = identities.owner_party_id
    group by
        owned.last_day,
        owned.shrinkage,
        owned.owner_party_id,
        identities.identity_count

),

found as (

    select
        owned.owner_party_id,
        known.outcome as risk_type,
        cast(sum(known.case_count) as bigint) as finding_count
    from owned
    inner join known
        on owned.party_id = known.cell_key
        and known.profile_id = 'consignee'
        and known.outcome <> 'inspected'
    group by
        owned.owner_party_id,
        known.outcome

)

select
    owners.owner_party_id,
    base_rates.risk_type,
    owners.last_day,
    owners.identity_count,
    owners.inspected_identity_count,
    owners.inspected_count,
    coalesce(found.finding_count, 0) as finding_count,
    {{ fixed_point('(coalesce(found.finding_count, 0) + owners.shrinkage * base_rates.rate)
        / (owners.inspected_count + owners.shrinkage)') }} as rate_micro,
    {{ fixed_point('base_rates.rate') }} as base_rate_micro
from owners
cross join base_rates
left join found
    on owners.owner_party_id = found.owner_party_id
    and base_rates.risk_type = found.risk_type
where
    base_rates.risk_type = 'any'
    or found.finding_count > 0
