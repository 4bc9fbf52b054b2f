{{ config(materialized='day_window') }}

-- What was declared and what stood on manifests, by the platform that is named, on each day. A parcel
-- with a low-value declaration stands on both sides; a declaration line of a parcel too.
select
    consignments.day,
    consignments.platform_code,
    count(
        case
            when consignments.consignment_kind <> 'parcel' or consignments.has_low_value_declaration
                then 1
        end
    ) as declared_consignments,
    cast(
        coalesce(
            sum(
                case
                    when consignments.consignment_kind <> 'parcel' then consignments.value_vnd
                    when consignments.has_low_value_declaration
                        then consignments.low_value_declared_value_vnd
                end
            ), 0
        ) as decimal(38, 2)
    ) as declared_value_vnd,
    count(case when consignments.consignment_kind = 'parcel' then 1 end) as manifested_parcels,
    cast(
        coalesce(
            sum(case when consignments.consignment_kind = 'parcel' then consignments.value_vnd end),
            0
        ) as decimal(38, 2)
    ) as manifested_value_vnd
from {{ ref('fct_consignments') }} as consignments
inner join {{ ref('int_rules__in_force') }} as home
    on consignments.day = home.day
    and consignments.importing_country_code = home.value_text
where
    home.parameter_id = 'HOME_COUNTRY'
    and consignments.is_active
group by consignments.day, consignments.platform_code
