{{ config(materialized='day_window') }}

select
    consignment_id,
    day,

    -- duty
    customs_value_vnd,
    duty_rate_percent,
    duty_rate_basis,
    cast(duty_due_vnd as decimal(18, 2)) as duty_due_vnd,
    cast(duty_relieved_vnd as decimal(18, 2)) as duty_relieved_vnd,

    -- VAT
    vat_rate_percent,
    cast(vat_due_vnd as decimal(18, 2)) as vat_due_vnd,
    cast(vat_relieved_vnd as decimal(18, 2)) as vat_relieved_vnd,

    -- which rules spoke
    is_duty_relieved,
    is_vat_relieved,
    duty_relief_rule_id,
    duty_relief_reading,
    vat_relief_rule_id,
    vat_rate_rule_id,
    lot_value_vnd,

    -- the same consignment under both readings of the duty relief
    cast(duty_under_or_vnd as decimal(18, 2)) as duty_due_if_either_vnd,
    cast(duty_under_and_vnd as decimal(18, 2)) as duty_due_if_both_vnd,
    cast(vat_under_or_vnd as decimal(18, 2)) as vat_due_if_either_vnd,
    cast(vat_under_and_vnd as decimal(18, 2)) as vat_due_if_both_vnd
from {{ ref('int_taxes__assessed') }}
