-- Aggregates of months, as delivered with market_reference (series cross_border_*), side by side.
with figures as (

    select
        period_start as month,
        case when member_code = 'all' then 'total' else split_part(member_code, ':', 1) end
            as dimension,
        case when member_code = 'all' then 'all' else split_part(member_code, ':', 2) end
            as member_code,
        series_id,
        value,
        vintage_date
    from {{ ref('int_market__figures') }}
    where
        period_kind = 'month'
        and is_out
        and (
            (series_id in ('cross_border_value', 'cross_border_landed_value') and unit_code = 'VND')
            or (series_id = 'cross_border_consignments' and unit_code = 'COUNT')
        )

)

select
    month,
    dimension,
    member_code,
    cast(max(case when series_id = 'cross_border_consignments' then floor(value) end) as bigint)
        as consignments,
    cast(max(case when series_id = 'cross_border_value' then value end) as decimal(38, 2))
        as customs_value_vnd,
    cast(max(case when series_id = 'cross_border_landed_value' then value end) as decimal(38, 2))
        as landed_value_vnd,
    max(vintage_date) as vintage_date
from figures
where
    dimension in (
        {%- for parts in flow_families().values() -%}
        {%- set is_last_family = loop.last -%}
        {%- for dimension, member in parts['dimensions'] -%}
        '{{ dimension }}'{{ ', ' if not (is_last_family and loop.last) }}
        {%- endfor -%}
        {%- endfor -%}
    )
    and member_code <> ''
    and (dimension = 'total') = (member_code = 'all')
group by month, dimension, member_code
having count(case when series_id <> 'cross_border_landed_value' then 1 end) = 2
