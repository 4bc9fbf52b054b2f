{{ config(materialized='whole_table') }}

-- Duty and VAT rate of every tariff key met on each day of the window: looked up once per key, so
-- that millions of consignments join by equality. Duty: the longest tariff code that has a rate in
-- the edition of the day.
-- VAT: the reduced rate where one is in force and the goods are not excluded, else the standard.
with keys as (

    select distinct
        day,
        case when hs_basis = 'declared' then hs_code else hs_heading end as tariff_key,
        hs_heading,
        hs_chapter
    from {{ ref('fct_consignments') }}
    where day in (select days.day from {{ ref('int_calendar__days') }} as days)

),

candidates as (

    select distinct day, tariff_key, substr(tariff_key, 1, 8) as tariff_code from keys
    union
    select distinct day, tariff_key, substr(tariff_key, 1, 6) as tariff_code from keys
    union
    select distinct day, tariff_key, hs_heading as tariff_code from keys
    union
    select distinct day, tariff_key, hs_chapter as tariff_code from keys
    union
    select distinct day, tariff_key, 'all' as tariff_code from keys

),

-- the edition of each day counts, so that a run over several days gives what single days give
ranked_rates as (

    select
        candidates.day,
        candidates.tariff_key,
        rates.rate_basis,
        rates.mfn_rate_percent,
        row_number() over (
            partition by candidates.day, candidates.tariff_key
            order by
                case when rates.tariff_code = 'all' then 0 else length(rates.tariff_code) end desc,
                rates.is_approximate asc nulls last,
                rates.rate_basis asc nulls last
        ) as rate_rank
    from candidates
    inner join {{ ref('int_tariff__rates') }} as rates
        on candidates.tariff_code = rates.tariff_code
        and candidates.day >= coalesce(rates.valid_from, candidates.day)
        and candidates.day <= coalesce(rates.valid_to, candidates.day)

),

excluded as (

    select distinct keys.day, keys.tariff_key
    from keys
    inner join {{ ref('vat_reduction_exclusions') }} as exclusions
        on (
            keys.hs_chapter = exclusions.hs_prefix
            or keys.hs_heading = exclusions.hs_prefix
        )
        and keys.day between exclusions.valid_from and exclusions.valid_to

)

select
    keys.day,
    keys.tariff_key,
    ranked_rates.mfn_rate_percent as duty_rate_percent,
    ranked_rates.rate_basis as duty_rate_basis,
    cast(
        case
            when rules.vat_reduced_percent is not null and excluded.tariff_key is null
                then rules.vat_reduced_percent
            else rules.vat_standard_percent
        end as decimal(9, 3)
    ) as vat_rate_percent,
    case
        when rules.vat_reduced_percent is not null and excluded.tariff_key is null
            then 'VAT_REDUCED'
        when rules.vat_standard_percent is not null then 'VAT_STANDARD'
    end as vat_rate_rule_id
from keys
inner join {{ ref('int_taxes__rules_by_day') }} as rules
    on keys.day = rules.day
left join ranked_rates
    on keys.day = ranked_rates.day
    and keys.tariff_key = ranked_rates.tariff_key
    and ranked_rates.rate_rank = 1
left join excluded
    on keys.day = excluded.day
    and keys.tariff_key = excluded.tariff_key
