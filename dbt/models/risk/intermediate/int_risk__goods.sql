-- Goods, route and regime as the profiles read them: every part of the key is a text, so that a part
-- that is not stated is a value like any other. A classified heading stands in for a missing code.
select
    consignment_id,
    day,
    item_number,
    is_active,
    case hs_basis
        when 'declared' then substr(hs_code, 1, 8)
        else hs_heading
    end as goods_code,
    coalesce(departure_country_code, 'unknown') as departure_country_code,
    origin_country_code,
    coalesce(tariff_schedule_code, 'unknown') as tariff_schedule_code,
    coalesce(
        cast({{ thousandths('cast(declared_duty_rate_percent as double)') }} as string), 'unknown'
    ) as duty_rate_milli,
    mass_kg,
    value_vnd,
    valuation_value
from {{ ref('fct_consignment_items') }}
