{#- What the price index reckons with: logarithms as whole billionths (nano), so that every sum of
    them is exact and the same on both engines; half a billionth is the error of one price. Null
    where the number is missing. -#}
{% macro nano(expression) -%}
    try_cast(floor(cast({{ expression }} as double) * 1e9 + 0.5) as bigint)
{%- endmacro %}

{#- A number to the nearest whole one. -#}
{% macro whole(expression) -%}
    try_cast(floor({{ expression }} + 0.5) as bigint)
{%- endmacro %}

{#- Months counted on: differences are months. -#}
{% macro month_number(month) -%}
    cast(extract(year from {{ month }}) * 12 + extract(month from {{ month }}) as bigint)
{%- endmacro %}

{#- Select of sums by period, stratum (hs_heading, channel) and product, and one row per stratum and
    reason why goods are in no product: they add up over periods. `items`: relation (`period`,
    hs_heading, channel, product_key, origin_country_code, quantity_unit_code, quantity, value_vnd).
    `period`: its column, a day or a month.

    A product is one name of one origin, counted in one kind of unit: pieces, or kilograms (units of
    the seeds piece_units and mass_units). What is sold by the piece and by weight is two products. -#}
{% macro price_sums(items, period) -%}
select
    {{ period }},
    hs_heading,
    channel,
    case when exclusion_reason is null
        then product_key || '|' || origin_country_code || '|' || unit_kind end as product_id,
    exclusion_reason,
    cast(sum(value_vnd) as decimal(26, 2)) as value_vnd,
    cast(sum(unit_quantity) as decimal(38, 6)) as quantity
from (
    select
        sorted.{{ period }},
        sorted.hs_heading,
        sorted.channel,
        sorted.exclusion_reason,
        case when sorted.exclusion_reason is null then sorted.product_key end as product_key,
        case when sorted.exclusion_reason is null then sorted.origin_country_code
        end as origin_country_code,
        case when sorted.exclusion_reason is null then sorted.unit_kind end as unit_kind,
        coalesce(sorted.value_vnd, 0) as value_vnd,
        case when sorted.exclusion_reason is null then sorted.unit_quantity end as unit_quantity
    from (
        select
            items.*,
            case when pieces.unit_code is not null then 'piece'
                when masses.unit_code is not null then 'kg' end as unit_kind,
            case
                when pieces.unit_code is not null then cast(items.quantity as decimal(22, 6))
                else {{ mass_of_quantity('items.quantity', 'masses.kg_per_unit') }}
            end as unit_quantity,
            case
                when coalesce(items.value_vnd, 0) <= 0 then 'no_value'
                when items.product_key is null or items.product_key = '' then 'no_product'
                when pieces.unit_code is null and masses.unit_code is null then 'unit_unknown'
                when coalesce(items.quantity, 0) <= 0 then 'no_quantity'
                when pieces.unit_code is null and coalesce(
                    {{ mass_of_quantity('items.quantity', 'masses.kg_per_unit') }}, 0
                ) <= 0 then 'no_quantity'
            end as exclusion_reason
        from {{ items }} as items
        left join {{ ref('piece_units') }} as pieces
            on upper(items.quantity_unit_code) = pieces.unit_code
        left join {{ ref('mass_units') }} as masses
            on upper(items.quantity_unit_code) = masses.unit_code
    ) as sorted
) as labelled
group by
    {{ period }},
    hs_heading,
    channel,
    product_key,
    origin_country_code,
    unit_kind,
    exclusion_reason
{%- endmacro %}

{#- Select of the products of months with the logarithm of their price. `sums`: relation (month,
    hs_heading, channel, product_id, exclusion_reason, value_vnd, quantity) of price_sums. -#}
{% macro price_products(sums) -%}
select
    month,
    hs_heading,
    channel,
    product_id,
    exclusion_reason,
    value_vnd,
    quantity,
    case when exclusion_reason is null
        then {{ nano('ln(cast(value_vnd as double)) - ln(cast(quantity as double))') }}
    end as log_price_nano
from {{ sums }}
{%- endmacro %}
