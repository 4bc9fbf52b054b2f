-- What a partner says it sent beside what the home country's statistics received from it, by HS code and
-- year: g = ln(exports of the partner) - ln(imports / (1 + freight and insurance)). A gap has many
-- reasons (time of year, transit, classification, value): smoke, no smoking gun. It is of a year and a
-- group of goods and never points to a shipment. Both sides must be stated in one unit.
with figures as (

    select
        period_start as year_start,
        split_part(member_code, ':', 1) as partner_country_code,
        split_part(member_code, ':', 2) as commodity_code,
        series_id,
        value,
        unit_code,
        vintage_date,
        {{ grade_letter('evidence_grade') }} as letter
    from {{ ref('int_market__figures') }}
    where
        series_id in ('partner_exports', 'imports_from_partner')
        and period_kind = 'year'
        and is_out

),

pairs as (

    select
        year_start,
        partner_country_code,
        commodity_code,
        cast(max(case when series_id = 'partner_exports' then value end) as decimal(38, 2))
            as partner_exports,
        max(case when series_id = 'partner_exports' then unit_code end) as partner_unit_code,
        cast(max(case when series_id = 'imports_from_partner' then value end) as decimal(38, 2))
            as imports_cif,
        max(case when series_id = 'imports_from_partner' then unit_code end) as imports_unit_code,
        max(vintage_date) as vintage_date,
        max(letter) as letter
    from figures
    where commodity_code <> ''
    group by year_start, partner_country_code, commodity_code

),

adjusted as (

    select
        pairs.*,
        years.cif_fob_percent,
        pairs.partner_unit_code = pairs.imports_unit_code
        and pairs.partner_exports > 0
        and pairs.imports_cif > 0
        and years.cif_fob_percent is not null as is_comparable,
        cast(pairs.imports_cif as double) / (1 + cast(years.cif_fob_percent as double) / 1e2) as imports_fob
    from pairs
    left join {{ ref('int_mirror__years') }} as years
        on pairs.year_start = years.year_start

),

compared as (

    select
        adjusted.*,
        case
            when is_comparable
                then {{ fixed_point('ln(cast(partner_exports as double)) - ln(imports_fob)') }}
        end as gap_micro
    from adjusted

)

select
    year_start,
    partner_country_code,
    commodity_code,
    coalesce(imports_unit_code, partner_unit_code) as unit_code,
    partner_exports,
    imports_cif,
    cif_fob_percent,
    try_cast(floor(imports_fob + 0.5) as decimal(38, 2)) as imports_fob,
    cast(gap_micro / 1e6 as decimal(18, 6)) as log_gap,
    vintage_date,
    {{ grade_of_letter('letter') }} as evidence_grade,
    case
        when partner_exports is null then 'partner_exports_missing'
        when imports_cif is null then 'imports_missing'
        when partner_unit_code <> imports_unit_code then 'unit_differs'
        when partner_exports = 0 or imports_cif = 0 then 'amount_zero'
        when cif_fob_percent is null then 'rule_missing'
    end as reason_code
from compared
