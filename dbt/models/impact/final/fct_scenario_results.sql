-- What a change of the law would have done to past days: both sides by the same tax models, over the
-- same consignments; the response of prices and sales from drawn elasticities, with its band. Computed
-- by `import-risk scenario`, apart from the run (docs/scenarios.md).
select
    scenario_name,
    title_vi,
    title_en,
    from_day,
    to_day,
    draws,
    seed,
    dimension,
    member_code,
    consignments,
    affected_consignments,
    customs_value_vnd,
    duty_before_vnd,
    vat_before_vnd,
    tax_before_vnd,
    duty_after_vnd,
    vat_after_vnd,
    tax_after_vnd,
    tax_change_vnd,
    import_value_change_percent_mean,
    import_value_change_percent_low,
    import_value_change_percent_high,
    tax_after_response_vnd_mean,
    tax_after_response_vnd_low,
    tax_after_response_vnd_high,
    domestic_sales_change_vnd_mean,
    domestic_sales_change_vnd_low,
    domestic_sales_change_vnd_high
from {{ ref('int_scenarios__results') }}
