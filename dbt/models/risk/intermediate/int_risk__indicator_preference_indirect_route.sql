-- A preference asks for direct consignment: from a party of the agreement, or under a through bill
-- without work on the way. A departure that is no party is a pointer to those papers, no finding.
with schedules as (

    select
        parameters.day,
        schedules.tariff_schedule_code,
        schedules.agreement,
        schedules.origin_country_code as party_country_code
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('tariff_schedules') }} as schedules
        on parameters.day >= schedules.valid_from
        and (schedules.valid_to is null or parameters.day <= schedules.valid_to)

),

-- An origin outside the agreement is another indicator: here the claim itself is possible.
claims as (

    select
        items.consignment_id,
        items.day,
        items.tariff_schedule_code,
        origins.agreement,
        items.origin_country_code,
        items.departure_country_code,
        row_number() over (
            partition by items.consignment_id, items.day
            order by items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join schedules as origins
        on items.day = origins.day
        and items.tariff_schedule_code = origins.tariff_schedule_code
        and items.origin_country_code = origins.party_country_code
    left join schedules as departures
        on items.day = departures.day
        and items.tariff_schedule_code = departures.tariff_schedule_code
        and items.departure_country_code = departures.party_country_code
    where
        items.is_home_import
        and items.departure_country_code is not null
        and departures.party_country_code is null

)

select
    consignment_id,
    day,
    'preference_indirect_route' as indicator_id,
    {{ evidence([
        ['schedule', 'tariff_schedule_code', 'text'],
        ['agreement', 'agreement', 'text'],
        ['origin', 'origin_country_code', 'text'],
        ['departure', 'departure_country_code', 'text'],
    ]) }} as evidence
from claims
where item_rank = 1
