{{ config(materialized='day_window') }}

-- Tax that is relieved, and tax due on parcels that no low-value declaration describes (duty F22).
-- Amounts rest on declared values: they are a lower bound where goods are undervalued.
select
    day,
    platform_status,
    channel,
    cast(sum(consignments) as bigint) as consignments,
    cast(sum(customs_value_vnd) as decimal(38, 2)) as customs_value_vnd,
    cast(sum(duty_due_vnd) as decimal(38, 2)) as duty_due_vnd,
    cast(sum(duty_relieved_vnd) as decimal(38, 2)) as duty_relieved_vnd,
    cast(sum(vat_due_vnd) as decimal(38, 2)) as vat_due_vnd,
    cast(sum(vat_relieved_vnd) as decimal(38, 2)) as vat_relieved_vnd,
    cast(sum(consignments_without_value) as bigint) as consignments_without_value,
    cast(sum(parcels_without_declaration) as bigint) as parcels_without_declaration,
    cast(sum(tax_due_without_declaration_vnd) as decimal(38, 2))
        as tax_due_without_declaration_vnd,
    cast(sum(value_declared_short_vnd) as decimal(38, 2)) as value_declared_short_vnd
from {{ ref('fct_import_flows_daily') }}
where day in (select days.day from {{ ref('int_calendar__days') }} as days)
group by day, platform_status, channel
