-- Each figure in its last vintage that was out on the last day held. What is published later is not
-- known yet: the row is there (is_out false), its value is not. A platform is named as everywhere else,
-- however its publisher writes it.
with last_day as (

    {{ last_day_held() }}

),

members as (

    select
        vintages.*,
        case
            when substr(vintages.dimension_code, 1, 9) = 'platform:'
                then 'platform:' || coalesce(of_flows.platform_code, substr(vintages.dimension_code, 10))
            else coalesce(of_claims.platform_code, vintages.dimension_code)
        end as member_code
    from {{ ref('stg_market__reference_vintages') }} as vintages
    left join {{ ref('platform_aliases') }} as of_flows
        on substr(vintages.dimension_code, 10) = of_flows.alias
    left join {{ ref('platform_aliases') }} as of_claims
        on vintages.dimension_code = of_claims.alias
        and substr(vintages.series_id, 1, 9) = 'platform_'

),

ranked as (

    select
        vintages.series_id,
        vintages.member_code,
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
                vintages.member_code,
                vintages.period_kind,
                vintages.period_start
            order by
                case when vintages.vintage_date <= last_day.day then 0 else 1 end asc nulls last,
                vintages.vintage_date desc nulls last,
                vintages.dimension_code asc nulls last
        ) as reverse_rank
    from members as vintages
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
