-- Apparent consumption D = output - exports + imports, and what imports are of it. Imports are those
-- of the trade statistics and the cross-border flows that these do not hold. More than 100 percent
-- (re-exports) and D of zero or less are flagged, never clipped. Stock changes are not known.
with figures as (

    select
        period_kind,
        period_start,
        commodity_code,
        max(case when series_id = 'domestic_output' then value_vnd end) as output_vnd,
        max(case when series_id = 'exports' then value_vnd end) as exports_vnd,
        max(case when series_id = 'imports' then value_vnd end) as imports_in_statistics_vnd,
        max(vintage_date) as vintage_date,
        max(grade_letter) as grade_letter
    from {{ ref('int_market__periods') }}
    group by period_kind, period_start, commodity_code

),

-- a commodity without flows in a period whose months are complete had none
covered as (

    select distinct period_kind, period_start, dimension
    from {{ ref('int_flows__periods') }}

),

joined as (

    select
        figures.*,
        covered.dimension is not null as are_flows_complete,
        case
            when covered.dimension is not null
                then coalesce(flows.cross_border_vnd, cast(0 as decimal(38, 2)))
        end as cross_border_vnd,
        case
            when covered.dimension is not null
                then coalesce(flows.cross_border_in_statistics_vnd, cast(0 as decimal(38, 2)))
        end as cross_border_in_statistics_vnd
    from figures
    left join covered
        on figures.period_kind = covered.period_kind
        and figures.period_start = covered.period_start
        and covered.dimension = case
            when figures.commodity_code = 'all' then 'total'
            when length(figures.commodity_code) = 2 then 'hs2'
            else 'hs4'
        end
    left join {{ ref('int_flows__periods') }} as flows
        on covered.period_kind = flows.period_kind
        and covered.period_start = flows.period_start
        and covered.dimension = flows.dimension
        and figures.commodity_code = flows.commodity_code

),

consumed as (

    select
        joined.*,
        cast(
            imports_in_statistics_vnd + cross_border_vnd - cross_border_in_statistics_vnd
            as decimal(38, 2)
        ) as imports_vnd,
        cast(
            output_vnd - exports_vnd
            + imports_in_statistics_vnd + cross_border_vnd - cross_border_in_statistics_vnd
            as decimal(38, 2)
        ) as apparent_consumption_vnd
    from joined

),

rated as (

    select
        consumed.*,
        {{ percent_in_full('imports_vnd', 'divisor_vnd') }} as import_penetration_percent,
        {{ percent_in_full('cross_border_vnd', 'divisor_vnd') }}
            as cross_border_penetration_percent,
        {{ percent_in_full('output_vnd', 'divisor_vnd') }} as self_sufficiency_percent,
        {{ percent_in_full('exports_vnd', 'divisor_vnd') }} as export_to_consumption_percent
    from (
        select
            consumed.*,
            imports_in_statistics_vnd < cross_border_in_statistics_vnd
                as are_statistics_below_flows,
            case
                when
                    apparent_consumption_vnd > 0
                    and imports_in_statistics_vnd >= cross_border_in_statistics_vnd
                    then apparent_consumption_vnd
            end as divisor_vnd
        from consumed
    ) as consumed

)

select
    period_kind,
    period_start,
    commodity_code,
    output_vnd,
    exports_vnd,
    imports_in_statistics_vnd,
    cross_border_vnd,
    cross_border_in_statistics_vnd,
    imports_vnd,
    apparent_consumption_vnd,
    import_penetration_percent,
    cross_border_penetration_percent,
    cast(import_penetration_percent - cross_border_penetration_percent as decimal(18, 4))
        as other_penetration_percent,
    self_sufficiency_percent,
    export_to_consumption_percent,
    coalesce(imports_vnd > apparent_consumption_vnd, false) as is_above_whole,
    coalesce(apparent_consumption_vnd <= 0, false) as is_consumption_not_positive,
    vintage_date,
    {{ grade_of_letter('grade_letter') }} as evidence_grade,
    case
        when output_vnd is null then 'output_missing'
        when exports_vnd is null then 'exports_missing'
        when imports_in_statistics_vnd is null then 'imports_missing'
        when not are_flows_complete then 'flows_incomplete'
        when are_statistics_below_flows then 'statistics_below_flows'
        when apparent_consumption_vnd <= 0 then 'consumption_not_positive'
        when import_penetration_percent is null then 'beyond_scale'
    end as reason_code
from rated
