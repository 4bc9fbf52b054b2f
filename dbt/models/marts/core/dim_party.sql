{{ config(materialized='view') }}

-- Parties by token only, over the days still held in fct_consignments. A view: a national day has
-- millions of parties seen once, and storing each again would cost more than every other mart.
with roles as (

    select
        consignee_party_id as party_id,
        'consignee' as party_role,
        consignee_party_key as party_key,
        day,
        value_vnd
    from {{ ref('fct_consignments') }}
    where consignee_party_id is not null and is_active

    union all

    select
        consignor_party_id as party_id,
        'consignor' as party_role,
        cast(null as varchar) as party_key,
        day,
        value_vnd
    from {{ ref('fct_consignments') }}
    where consignor_party_id is not null and is_active

)

select
    party_id,
    max(case when party_role = 'consignee' then 1 else 0 end) = 1 as is_consignee,
    max(case when party_role = 'consignor' then 1 else 0 end) = 1 as is_consignor,
    max(party_key) as consignee_party_key,
    min(day) as first_day,
    max(day) as last_day,
    count(*) filter (where party_role = 'consignee') as consignments_received,
    count(*) filter (where party_role = 'consignor') as consignments_sent,
    cast(sum(value_vnd) as decimal(38, 2)) as value_vnd
from roles
group by party_id
