-- Years of mirror figures, with the freight and insurance in force on their last day.
with ends as (

    select distinct
        period_start as year_start,
        {{ last_day_of_year('period_start') }} as day
    from {{ ref('int_market__figures') }}
    where
        series_id in ('partner_exports', 'imports_from_partner')
        and period_kind = 'year'
        and is_out

),

rules as (

    {{ parameters_by_day({'cif_fob_percent': ['MIRROR_CIF_FOB_PERCENT', 'decimal(9, 4)']}, days='ends') }}

)

select
    ends.year_start,
    rules.cif_fob_percent
from ends
left join rules on ends.day = rules.day
