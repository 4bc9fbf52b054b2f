-- Imports of a period beside those of the same period a year before: the increase by itself, and
-- relative to what is made at home. Imports are those of apparent consumption, value and no quantity.
-- An increase over nothing, or beyond the scale, has no percentage and is above any.
with figures as (

    select
        figures.period_kind,
        figures.period_start,
        figures.commodity_code,
        {{ year_before('figures.period_start') }} as earlier_period_start,
        figures.output_vnd,
        figures.imports_vnd,
        figures.cross_border_vnd,
        figures.vintage_date,
        {{ grade_letter('figures.evidence_grade') }} as grade_letter,
        case
            when figures.imports_in_statistics_vnd is null then 'imports_missing'
            when figures.cross_border_vnd is null then 'flows_incomplete'
            when figures.imports_in_statistics_vnd < figures.cross_border_in_statistics_vnd
                then 'statistics_below_flows'
        end as untold
    from {{ ref('fct_apparent_consumption') }} as figures

),

paired as (

    select
        figures.*,
        earlier.period_start is not null as has_earlier,
        earlier.output_vnd as earlier_output_vnd,
        earlier.imports_vnd as earlier_imports_vnd,
        earlier.cross_border_vnd as earlier_cross_border_vnd,
        earlier.vintage_date as earlier_vintage_date,
        earlier.grade_letter as earlier_grade_letter,
        earlier.untold as earlier_untold,
        figures.untold is null and earlier.untold is null as are_imports_told
    from figures
    left join figures as earlier
        on figures.period_kind = earlier.period_kind
        and figures.commodity_code = earlier.commodity_code
        and figures.earlier_period_start = earlier.period_start

),

changes as (

    select
        paired.*,
        case
            when are_imports_told
                then cast(imports_vnd - earlier_imports_vnd as decimal(38, 2))
        end as increase_vnd,
        case
            when are_imports_told
                then cast(cross_border_vnd - earlier_cross_border_vnd as decimal(38, 2))
        end as cross_border_increase_vnd,
        case when untold is null then {{ percent_in_full('imports_vnd', 'output_vnd') }} end
            as imports_to_output_percent,
        case
            when earlier_untold is null
                then {{ percent_in_full('earlier_imports_vnd', 'earlier_output_vnd') }}
        end as earlier_imports_to_output_percent
    from paired

),

rated as (

    select
        changes.*,
        {{ percent_in_full('increase_vnd', 'earlier_imports_vnd') }} as increase_percent,
        {{ percent_in_full('cross_border_increase_vnd', 'earlier_imports_vnd') }}
            as cross_border_contribution_percent,
        cast(imports_to_output_percent - earlier_imports_to_output_percent as decimal(18, 4))
            as increase_to_output_points
    from changes

)

select
    rated.period_kind,
    rated.period_start,
    rated.commodity_code,
    case when rated.has_earlier then rated.earlier_period_start end as earlier_period_start,
    rated.imports_vnd,
    rated.earlier_imports_vnd,
    rated.increase_vnd,
    rated.increase_percent,
    periods.absolute_percent,
    -- null: nothing to compare with
    case
        when rated.increase_vnd is not null then coalesce(
            rated.increase_vnd > 0
            and coalesce(
                rated.increase_percent >= periods.absolute_percent,
                periods.absolute_percent is not null
            ),
            false
        )
    end as is_absolute_increase,
    rated.output_vnd,
    rated.earlier_output_vnd,
    rated.imports_to_output_percent,
    rated.earlier_imports_to_output_percent,
    rated.increase_to_output_points,
    periods.relative_points,
    case
        when rated.increase_to_output_points is not null then coalesce(
            rated.increase_to_output_points > 0
            and rated.increase_to_output_points >= periods.relative_points,
            false
        )
    end as is_relative_increase,
    rated.cross_border_vnd,
    rated.earlier_cross_border_vnd,
    rated.cross_border_increase_vnd,
    rated.cross_border_contribution_percent,
    cast(rated.increase_percent - rated.cross_border_contribution_percent as decimal(18, 4))
        as other_contribution_percent,
    greatest(rated.vintage_date, rated.earlier_vintage_date) as vintage_date,
    {{ grade_of_letter('greatest(rated.grade_letter, rated.earlier_grade_letter)') }}
        as evidence_grade,
    case
        when rated.untold is not null then rated.untold
        when not rated.has_earlier then 'earlier_period_missing'
        when rated.earlier_untold = 'imports_missing' then 'earlier_imports_missing'
        when rated.earlier_untold = 'flows_incomplete' then 'earlier_flows_incomplete'
        when rated.earlier_untold is not null then 'earlier_statistics_below_flows'
        when rated.output_vnd is null then 'output_missing'
        when rated.earlier_output_vnd is null then 'earlier_output_missing'
        when rated.output_vnd = 0 or rated.earlier_output_vnd = 0 then 'no_production'
        when rated.earlier_imports_vnd = 0 then 'earlier_amount_zero'
        when
            rated.increase_percent is null
            or rated.cross_border_contribution_percent is null
            or rated.increase_to_output_points is null
            then 'beyond_scale'
        when periods.absolute_percent is null or periods.relative_points is null then 'rule_missing'
    end as reason_code
from rated
left join {{ ref('int_increases__periods') }} as periods
    on rated.period_kind = periods.period_kind
    and rated.period_start = periods.period_start
