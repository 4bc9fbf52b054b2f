{{ config(materialized='day_window') }}

-- Sellers and importers are too many to be kept one by one: of each cell of a day how many there are,
-- the two largest sellers and the largest importer, by value and by parcels. No ranking: the largest,
-- then the largest below it, which is the same again where two share the place.
with consignments as (

    select * from {{ ref('int_flows__consignments') }}

),

{{ imported_consignments() }},

{% for family, parts in flow_families().items() if parts['sellers_keep_to_it'] -%}
{{ family }} as (

    select
        day,
        {{ parts['columns'] | join(', ') }},
        seller_code,
        sum(parcel_count) as parcel_count,
        cast(sum(seller_value_vnd) as decimal(38, 2)) as seller_value_vnd,
        max(importer_value_vnd) as importer_value_vnd,
        sum(importer_count) as importer_count,
        sum(unknown_importer_value_vnd) as unknown_importer_value_vnd,
        sum(unknown_importer_parcel_count) as unknown_importer_parcel_count
    from imported
    group by day, {{ parts['columns'] | join(', ') }}, seller_code

),

{% endfor -%}
sellers as (
    {% for family, parts in flow_families().items() -%}
    {%- set is_last_family = loop.last -%}
    {%- for dimension, member in parts['dimensions'] %}
    select
        day,
        '{{ dimension }}' as dimension,
        {{ member }} as member_code,
        case when seller_code <> 'unknown' then cast(sum(seller_value_vnd) as decimal(38, 2)) end
            as seller_value_vnd,
        case when seller_code = 'unknown' then cast(sum(seller_value_vnd) as decimal(38, 2)) end
            as unknown_seller_value_vnd,
        case when seller_code <> 'unknown' then sum(parcel_count) end as seller_parcel_count,
        case when seller_code = 'unknown' then sum(parcel_count) end as unknown_seller_parcel_count,
        max(importer_value_vnd) as importer_value_vnd,
        sum(importer_count) as importer_count,
        sum(unknown_importer_value_vnd) as unknown_importer_value_vnd,
        sum(unknown_importer_parcel_count) as unknown_importer_parcel_count
    from {{ family if parts['sellers_keep_to_it'] else 'imported' }}
    group by day{{ ', ' ~ member if dimension != 'total' }}, seller_code
    {{ 'union all' if not (is_last_family and loop.last) }}
    {%- endfor -%}
    {%- endfor %}
),

repeated_in_cells as (
    {% for family, parts in flow_families().items() -%}
    {%- set is_last_family = loop.last -%}
    {%- for dimension, member in parts['dimensions'] %}
    select
        day,
        '{{ dimension }}' as dimension,
        {{ member }} as member_code,
        sum(seller_value_vnd) as importer_value_vnd,
        count(*) as importer_parcel_count
    from imported
    where is_repeated_importer
    group by day{{ ', ' ~ member if dimension != 'total' }}, importer_code
    {{ 'union all' if not (is_last_family and loop.last) }}
    {%- endfor -%}
    {%- endfor %}
),

repeated as (

    select
        day,
        dimension,
        member_code,
        count(*) as importer_count,
        max(importer_value_vnd) as largest_importer_vnd,
        max(importer_parcel_count) as largest_importer_parcel_count
    from repeated_in_cells
    group by day, dimension, member_code

),

cells as (

    select
        day,
        dimension,
        member_code,
        count(seller_value_vnd) as seller_count,
        max(seller_value_vnd) as largest_seller_vnd,
        cast(coalesce(sum(unknown_seller_value_vnd), 0) as decimal(38, 2))
            as unknown_seller_value_vnd,
        max(seller_parcel_count) as largest_seller_parcel_count,
        coalesce(sum(unknown_seller_parcel_count), 0) as unknown_seller_parcel_count,
        max(importer_value_vnd) as largest_importer_vnd,
        sum(importer_count) as importer_count,
        cast(coalesce(sum(unknown_importer_value_vnd), 0) as decimal(38, 2))
            as unknown_importer_value_vnd,
        sum(unknown_importer_parcel_count) as unknown_importer_parcel_count
    from sellers
    group by day, dimension, member_code

),

seconds as (

    select
        sellers.day,
        sellers.dimension,
        sellers.member_code,
        {{ second_largest('sellers.seller_value_vnd', 'cells.largest_seller_vnd') }}
            as second_seller_vnd,
        {{ second_largest('sellers.seller_parcel_count', 'cells.largest_seller_parcel_count') }}
            as second_seller_parcel_count
    from sellers
    inner join cells
        on sellers.day = cells.day
        and sellers.dimension = cells.dimension
        and sellers.member_code = cells.member_code
    group by sellers.day, sellers.dimension, sellers.member_code

)

select
    cells.day,
    cells.dimension,
    cells.member_code,
    'seller' as contributor_role,
    cells.seller_count as contributor_count,
    cells.largest_seller_vnd as largest_contribution_vnd,
    seconds.second_seller_vnd as second_contribution_vnd,
    cells.unknown_seller_value_vnd as unknown_contribution_vnd,
    cast(cells.largest_seller_parcel_count as bigint) as largest_contribution_parcel_count,
    cast(seconds.second_seller_parcel_count as bigint) as second_contribution_parcel_count,
    cast(cells.unknown_seller_parcel_count as bigint) as unknown_contribution_parcel_count
from cells
inner join seconds
    on cells.day = seconds.day
    and cells.dimension = seconds.dimension
    and cells.member_code = seconds.member_code

union all

select
    cells.day,
    cells.dimension,
    cells.member_code,
    'importer' as contributor_role,
    cast(cells.importer_count + coalesce(repeated.importer_count, 0) as bigint)
        as contributor_count,
    cast(
        case
            when
                cells.largest_importer_vnd is null
                or repeated.largest_importer_vnd > cells.largest_importer_vnd
                then repeated.largest_importer_vnd
            else cells.largest_importer_vnd
        end as decimal(38, 2)
    ) as largest_contribution_vnd,
    cast(null as decimal(38, 2)) as second_contribution_vnd,
    cells.unknown_importer_value_vnd as unknown_contribution_vnd,
    cast(
        coalesce(
            repeated.largest_importer_parcel_count, case when cells.importer_count > 0 then 1 end
        ) as bigint
    ) as largest_contribution_parcel_count,
    cast(null as bigint) as second_contribution_parcel_count,
    cast(cells.unknown_importer_parcel_count as bigint) as unknown_contribution_parcel_count
from cells
left join repeated
    on cells.day = repeated.day
    and cells.dimension = repeated.dimension
    and cells.member_code = repeated.member_code
