-- Each figure in its last vintage that was out on the last day held. What is published later is not
-- known yet: the row is there (is_out false), its value is not.
with last_day as (

    {{ last_day_held() }}

),

ranked as (

    select
        vintages.series_id,
        vintages.dimension_code as member_code,
        vintages.period_kind,
        vintages.period_start,
        vintages.vintage_date,
        vintages.vintage_date <= last_day.day as is_out,
        vintages.value,
        vintages.unit_code,
        vintages.publisher,
        vintages.evidence_grade,
        row_number() over (
            partition by
                vintages.series_id,
                vintages.dimension_code,
                vintages.period_kind,
                vintages.period_start
            order by
                case when vintages.vintage_date <= last_day.day then 0 else 1 end asc nulls last,
                vintages.vintage_date desc nulls last
        ) as reverse_rank
    from {{ ref('stg_market__reference_vintages') }} as vintages
    cross join last_day

)

select
    series_id,
    member_code,
    period_kind,
    period_start,
    vintage_date,
    is_out,
    case when is_out then value end as value,
    unit_code,
    publisher,
    evidence_grade
from ranked
where reverse_rank = 1
