-- What an item says of itself, in thousandths; null is missing. Logarithms of mass and value, how
-- round the stated mass is, and whether goods come from where they were made.
with rated as (

    select
        day,
        max(case when value_vnd is not null then 1 else 0 end) as has_rates
    from {{ ref('int_risk__goods') }}
    group by day

)

select
    goods.consignment_id,
    goods.day,
    goods.item_number,
    {{ goods_columns('goods') }},
    case when goods.mass_kg > 0 then {{ thousandths('ln(cast(goods.mass_kg as double))') }} end
        as log_mass,
    -- in its own currency where no value of the day could be converted; else a value without a rate
    -- is missing: amounts of different currencies are not compared
    case
        when rated.has_rates = 1 and goods.value_vnd > 0
            then {{ thousandths('ln(cast(goods.value_vnd as double))') }}
        when rated.has_rates = 0 and goods.valuation_value > 0
            then {{ thousandths('ln(cast(goods.valuation_value as double))') }}
    end as log_value,
    {{ roundness('goods.mass_kg') }} as mass_roundness,
    case
        when goods.departure_country_code = goods.origin_country_code then 0
        else {{ thousandths(1) }}
    end as departure_differs
from {{ ref('int_risk__goods') }} as goods
inner join {{ ref('int_risk__parameters') }} as parameters
    on goods.day = parameters.day
inner join rated
    on goods.day = rated.day
where goods.is_active
