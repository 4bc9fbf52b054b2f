{{ config(materialized='day_window') }}

-- Flows are counted once: master waybills, cancelled records and declaration lines of parcels that
-- are counted already stay out. Only consignments bound for the home country are taxed and counted.
select
    day,
    platform_code,
    platform_status,
    hs_chapter,
    hs_heading,
    origin_country_code,
    consignee_province_code as province_code,
    channel,
    operator_code,
    count(*) as consignments,
    cast(sum(quantity) as decimal(38, 4)) as quantity,
    cast(sum(gross_weight_kg) as decimal(38, 4)) as gross_weight_kg,
    cast(coalesce(sum(value_vnd), 0) as decimal(38, 2)) as value_vnd,
    cast(coalesce(sum(customs_value_vnd), 0) as decimal(38, 2)) as customs_value_vnd,
    cast(coalesce(sum(duty_due_vnd), 0) as decimal(38, 2)) as duty_due_vnd,
    cast(coalesce(sum(duty_relieved_vnd), 0) as decimal(38, 2)) as duty_relieved_vnd,
    cast(coalesce(sum(vat_due_vnd), 0) as decimal(38, 2)) as vat_due_vnd,
    cast(coalesce(sum(vat_relieved_vnd), 0) as decimal(38, 2)) as vat_relieved_vnd,
    count(*) - count(customs_value_vnd) as consignments_without_value,
    count(*) filter (
        where consignment_kind = 'parcel' and not has_low_value_declaration
    ) as parcels_without_declaration,
    cast(
        coalesce(
            sum(duty_due_vnd + vat_due_vnd) filter (
                where consignment_kind = 'parcel' and not has_low_value_declaration
            ), 0
        ) as decimal(38, 2)
    ) as tax_due_without_declaration_vnd,
    cast(
        coalesce(
            sum(value_vnd - customs_value_vnd) filter (
                where consignment_kind = 'parcel' and value_vnd > customs_value_vnd
            ), 0
        ) as decimal(38, 2)
    ) as value_declared_short_vnd
from {{ ref('int_taxes__assessed') }}
where is_in_flows
group by
    day,
    platform_code,
    platform_status,
    hs_chapter,
    hs_heading,
    origin_country_code,
    consignee_province_code,
    channel,
    operator_code
