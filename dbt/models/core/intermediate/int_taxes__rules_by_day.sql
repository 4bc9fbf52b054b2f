{{ config(materialized='whole_table') }}

-- The parameters that tax one day's consignments, side by side. A parameter not in force is null.
select
    day,
    max(case when parameter_id = 'HOME_COUNTRY' then value_text end) as home_country_code,
    max(case when parameter_id = 'DUTY_RELIEF_VALUE' then value end) as duty_relief_value_vnd,
    max(case when parameter_id = 'DUTY_RELIEF_TAX' then value end) as duty_relief_tax_vnd,
    max(case when parameter_id = 'DUTY_RELIEF_READING' then value_text end) as duty_relief_reading,
    max(case when parameter_id = 'DUTY_RELIEF_CHANNEL_EXPRESS' then value end)
        as duty_relief_express,
    max(case when parameter_id = 'DUTY_RELIEF_CHANNEL_POSTAL' then value end)
        as duty_relief_postal,
    max(case when parameter_id = 'VAT_RELIEF_EXPRESS' then value end) as vat_relief_value_vnd,
    max(case when parameter_id = 'VAT_RELIEF_CHANNEL_EXPRESS' then value end)
        as vat_relief_express,
    max(case when parameter_id = 'VAT_RELIEF_CHANNEL_POSTAL' then value end)
        as vat_relief_postal,
    -- in no law yet: of scenarios (docs/scenarios.md)
    max(case when parameter_id = 'DUTY_RELIEF_YEAR_VALUE' then value end)
        as duty_relief_year_value_vnd,
    max(case when parameter_id = 'AGGREGATE_SAME_OWNER' then value end) as same_owner_limit_vnd,
    max(case when parameter_id = 'AGGREGATE_SAME_OWNER_EXPRESS' then value end)
        as same_owner_express,
    max(case when parameter_id = 'AGGREGATE_SAME_OWNER_POSTAL' then value end)
        as same_owner_postal,
    max(case when parameter_id = 'VAT_STANDARD' then value end) as vat_standard_percent,
    max(case when parameter_id = 'VAT_REDUCED' then value end) as vat_reduced_percent
from {{ ref('int_rules__in_force') }}
group by day
