-- Like for like: what an office selects and finds beside what the other offices do with consignments of
-- the same chapter, origin and score band; and how much of a cell moved to it since the month before
-- (traders choose the office that looks away). Expected figures are sums over cells of the office's own
-- count times the rate of the rest, in whole millionths a cell.
{% set cell = comparison_cell() %}
with flows as (

    select
        cast(date_trunc('month', day) as date) as month,
        customs_office_code,
        {{ cell | join(', ') }},
        cast(sum(consignment_count) as bigint) as consignment_count
    from {{ ref('int_risk__comparison_cells') }}
    group by cast(date_trunc('month', day) as date), customs_office_code, {{ cell | join(', ') }}

),

checks as (

    select
        cast(date_trunc('month', cells.day) as date) as month,
        cells.customs_office_code,
        cells.{{ cell | join(', cells.') }},
        count(*) as selected_count,
        count(results.has_finding) as inspected_count,
        coalesce(sum(results.has_finding), 0) as finding_count
    from {{ ref('int_risk__selected_cells') }} as cells
    inner join {{ ref('int_risk__selection_results') }} as results
        on cells.day = results.day
        and cells.consignment_id = results.consignment_id
    group by
        cast(date_trunc('month', cells.day) as date), cells.customs_office_code,
        cells.{{ cell | join(', cells.') }}

),

own as (

    select
        flows.month,
        {{ add_days('flows.month', '-1') }} as day_before,
        flows.customs_office_code,
        flows.{{ cell | join(', flows.') }},
        flows.consignment_count,
        coalesce(checks.selected_count, 0) as selected_count,
        coalesce(checks.inspected_count, 0) as inspected_count,
        coalesce(checks.finding_count, 0) as finding_count
    from flows
    left join checks
        on flows.month = checks.month
        and flows.customs_office_code = checks.customs_office_code
        {%- for column in cell %}
        and flows.{{ column }} = checks.{{ column }}
        {%- endfor %}

),

together as (

    select
        month,
        {{ cell | join(', ') }},
        sum(consignment_count) as consignment_count,
        sum(selected_count) as selected_count,
        sum(inspected_count) as inspected_count,
        sum(finding_count) as finding_count
    from own
    group by month, {{ cell | join(', ') }}

),

beside as (

    select
        own.month,
        own.customs_office_code,
        own.score_band,
        own.consignment_count,
        own.selected_count,
        own.inspected_count,
        own.finding_count,
        together.consignment_count > own.consignment_count as is_flow_comparable,
        together.inspected_count > own.inspected_count as is_hit_comparable,
        {{ fixed_point(
            'cast(own.consignment_count as double)'
            ~ ' * cast(together.selected_count - own.selected_count as double)'
            ~ ' / cast(nullif(together.consignment_count - own.consignment_count, 0) as double)'
        ) }} as expected_selected_micro,
        {{ fixed_point(
            'cast(own.inspected_count as double)'
            ~ ' * cast(together.finding_count - own.finding_count as double)'
            ~ ' / cast(nullif(together.inspected_count - own.inspected_count, 0) as double)'
        ) }} as expected_finding_micro,
        case when before_together.consignment_count > 0 then own.consignment_count end as followed_count,
        {{ fixed_point(
            'greatest(0e0, cast(own.consignment_count as double) - cast(together.consignment_count as double)'
            ~ ' * cast(coalesce(before_own.consignment_count, 0) as double)'
            ~ ' / cast(before_together.consignment_count as double))'
        ) }} as shifted_micro
    from own
    inner join together
        on own.month = together.month
        {%- for column in cell %}
        and own.{{ column }} = together.{{ column }}
        {%- endfor %}
    left join together as before_together
        on cast(date_trunc('month', own.day_before) as date) = before_together.month
        {%- for column in cell %}
        and own.{{ column }} = before_together.{{ column }}
        {%- endfor %}
    left join own as before_own
        on cast(date_trunc('month', own.day_before) as date) = before_own.month
        and own.customs_office_code = before_own.customs_office_code
        {%- for column in cell %}
        and own.{{ column }} = before_own.{{ column }}
        {%- endfor %}

),

summed as (

    select
        month,
        customs_office_code,
        cast(sum(consignment_count) as bigint) as consignment_count,
        {% for name, holds, parts in [
            ('comparable', 'is_flow_comparable', ['consignment_count', 'selected_count', 'expected_selected_micro']),
            ('compared', 'is_hit_comparable', ['inspected_count', 'finding_count', 'expected_finding_micro']),
        ] %}
        {%- for part in parts %}
        cast(sum(case when {{ holds }} then {{ part }} else 0 end) as bigint) as {{ name }}_{{ part }},
        {%- endfor %}
        {%- endfor %}
        cast(sum(followed_count) as bigint) as followed_count,
        cast(sum(case when followed_count is not null then shifted_micro end) as bigint) as shifted_micro,
        cast(sum(
            case when followed_count is not null and score_band = 'eligible' then shifted_micro end
        ) as bigint) as eligible_shifted_micro
    from beside
    group by month, customs_office_code

)

select
    month,
    customs_office_code,
    consignment_count,
    comparable_consignment_count,
    comparable_selected_count,
    {{ share_in_percent('comparable_selected_count', 'comparable_consignment_count') }} as selected_percent,
    {{ share_in_percent(
        from_fixed_point('comparable_expected_selected_micro'), 'comparable_consignment_count'
    ) }} as expected_selected_percent,
    compared_inspected_count,
    compared_finding_count,
    {{ share_in_percent('compared_finding_count', 'compared_inspected_count') }} as hit_rate_percent,
    {{ wilson_percent('compared_finding_count', 'compared_inspected_count', 'low') }} as hit_rate_low_percent,
    {{ wilson_percent('compared_finding_count', 'compared_inspected_count', 'high') }}
        as hit_rate_high_percent,
    {{ share_in_percent(
        from_fixed_point('compared_expected_finding_micro'), 'compared_inspected_count'
    ) }} as expected_hit_rate_percent,
    followed_count,
    {{ share_in_percent(from_fixed_point('shifted_micro'), 'followed_count') }} as shifted_in_percent,
    try_cast(floor({{ from_fixed_point('shifted_micro') }}) as bigint) as shifted_in_count,
    try_cast(floor({{ from_fixed_point('eligible_shifted_micro') }}) as bigint) as eligible_shifted_in_count
from summed
