-- Parties of the selected consignments, by token only, over the days that the queue holds. Not every
-- party: a national day has millions that are seen once, and storing each again would cost more
-- than every other mart.
with kept as (

    {{ queue_period() }}

),

period as (

    select coalesce(kept.first_day, min(selections.day)) as first_day
    from {{ ref('fct_selections') }} as selections
    cross join kept
    group by kept.first_day

),

named as (

    select
        consignments.consignee_party_id,
        consignments.consignor_party_id
    from {{ ref('fct_selections') }} as selections
    inner join {{ ref('fct_consignments') }} as consignments
        on selections.day = consignments.day
        and selections.consignment_id = consignments.consignment_id
    where selections.day >= (select period.first_day from period)

),

parties as (

    select consignee_party_id as party_id
    from named
    where consignee_party_id is not null

    union

    select consignor_party_id as party_id
    from named
    where consignor_party_id is not null

),

roles as (

    select
        consignee_party_id as party_id,
        'consignee' as party_role,
        consignee_party_key as party_key,
        day,
        value_vnd
    from {{ ref('fct_consignments') }}
    where
        consignee_party_id is not null
        and is_active
        and day >= (select period.first_day from period)

    union all

    select
        consignor_party_id as party_id,
        'consignor' as party_role,
        cast(null as string) as party_key,
        day,
        value_vnd
    from {{ ref('fct_consignments') }}
    where
        consignor_party_id is not null
        and is_active
        and day >= (select period.first_day from period)

),

-- the last that was said of each party's component
belonging as (

    {{ last_components('parties') }}

)

select
    parties.party_id,
    coalesce(belonging.component_id, parties.party_id) as resolved_party_id,
    belonging.day as resolved_day,
    max(case when roles.party_role = 'consignee' then 1 else 0 end) = 1 as is_consignee,
    max(case when roles.party_role = 'consignor' then 1 else 0 end) = 1 as is_consignor,
    max(roles.party_key) as consignee_party_key,
    min(roles.day) as first_day,
    max(roles.day) as last_day,
    count(*) filter (where roles.party_role = 'consignee') as consignments_received,
    count(*) filter (where roles.party_role = 'consignor') as consignments_sent,
    cast(sum(roles.value_vnd) as decimal(38, 2)) as value_vnd
from parties
inner join roles
    on parties.party_id = roles.party_id
left join belonging
    on parties.party_id = belonging.party_id
group by
    parties.party_id,
    belonging.component_id,
    belonging.day
