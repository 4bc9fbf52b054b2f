-- A special preferential rate is for goods that originate in a party of its agreement (Law 107/2016
-- article 5). Judged is what the declaration states; whether a certificate covers it, nobody sees
-- here. A schedule that the list does not hold is not judged, nor is an origin that is not stated.
with schedules as (

    select
        parameters.day,
        schedules.tariff_schedule_code,
        schedules.agreement,
        schedules.origin_country_code
    from {{ ref('int_risk__parameters') }} as parameters
    inner join {{ ref('tariff_schedules') }} as schedules
        on parameters.day >= schedules.valid_from
        and (schedules.valid_to is null or parameters.day <= schedules.valid_to)

),

preferences as (

    select
        day,
        tariff_schedule_code,
        min(agreement) as agreement
    from schedules
    group by
        day,
        tariff_schedule_code

),

-- the first item that claims what its origin has no right to speaks for its consignment
claims as (

    select
        items.consignment_id,
        items.day,
        items.tariff_schedule_code,
        preferences.agreement,
        items.origin_country_code,
        items.declared_duty_rate_percent,
        row_number() over (
            partition by items.consignment_id, items.day
            order by items.item_number nulls last
        ) as item_rank
    from {{ ref('int_risk__items') }} as items
    inner join preferences
        on items.day = preferences.day
        and items.tariff_schedule_code = preferences.tariff_schedule_code
    left join schedules
        on items.day = schedules.day
        and items.tariff_schedule_code = schedules.tariff_schedule_code
        and items.origin_country_code = schedules.origin_country_code
    where
        items.is_home_import
        and items.origin_country_code <> 'unknown'
        and schedules.origin_country_code is null

)

select
    consignment_id,
    day,
    'wrong_tariff_preference' as indicator_id,
    {{ evidence([
        ['schedule', 'tariff_schedule_code', 'text'],
        ['agreement', 'agreement', 'text'],
        ['origin', 'origin_country_code', 'text'],
        ['rate_percent', 'declared_duty_rate_percent', 'number'],
    ]) }} as evidence
from claims
where item_rank = 1
