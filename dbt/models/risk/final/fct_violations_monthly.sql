-- What inspections found, by month of the inspection (where that is not stated, of the day on which the
-- result was known), office and kind of violation, as reported: a
-- finding is not yet a case that was decided. The office is that of the consignment as this warehouse
-- held it when a result became known; others, and those that wait, count under unknown. A consignment
-- with two kinds of violation counts under each of them, and once in 'all'. What was inspected and what
-- waits is told of 'all' alone: an inspection is of a consignment, not of a kind.
{% set offices = ["'all'", 'customs_office_code'] %}
{% set kinds = ["'all'", 'finding_type'] %}
with offices as (

    select
        consignment_id,
        max(customs_office_code) as customs_office_code
    from {{ ref('int_risk__inspected_consignments') }}
    group by consignment_id

),

outcomes as (

    select
        cast(
            date_trunc('month', coalesce(outcomes.inspected_date, outcomes.known_day)) as date
        ) as month,
        coalesce(offices.customs_office_code, 'unknown') as customs_office_code,
        outcomes.finding_type,
        outcomes.consignment_id,
        outcomes.result,
        outcomes.selection_method,
        outcomes.finding_severity,
        case when outcomes.currency_code = 'VND' then outcomes.found_value end as found_value_vnd
    from {{ ref('fct_inspection_outcomes') }} as outcomes
    left join offices
        on outcomes.consignment_id = offices.consignment_id
    where coalesce(outcomes.inspected_date, outcomes.known_day) is not null

),

cells as (

    {% for office in offices %}
    {%- set outer = loop %}
    {%- for kind in kinds %}
    select
        month,
        {{ office }} as customs_office_code,
        {{ kind }} as finding_type,
        {% if kind == "'all'" -%}
        count(distinct case when result <> 'pending' then consignment_id end) as inspected_count,
        count(distinct case when result = 'pending' then consignment_id end) as pending_count,
        {%- else -%}
        cast(null as bigint) as inspected_count,
        cast(null as bigint) as pending_count,
        {%- endif %}
        count(distinct case when result = 'finding' then consignment_id end) as violating_count,
        count(distinct case
            when result = 'finding' and finding_severity = 'critical' then consignment_id
        end) as critical_count,
        count(distinct case
            when result = 'finding' and selection_method = 'random' then consignment_id
        end) as random_count,
        coalesce(sum(case when result = 'finding' then found_value_vnd end), 0) as found_value_vnd
    from outcomes
    {% if kind != "'all'" -%}
    where result = 'finding'
    {% endif -%}
    group by
        month{{ ',' if office != "'all'" or kind != "'all'" }}
        {{ office ~ (',' if kind != "'all'" else '') if office != "'all'" }}
        {{ kind if kind != "'all'" }}
    {{ 'union all' if not (outer.last and loop.last) }}
    {% endfor -%}
    {% endfor %}

)

select
    month,
    customs_office_code,
    finding_type,
    inspected_count,
    pending_count,
    violating_count,
    critical_count,
    random_count,
    cast(found_value_vnd as decimal(38, 2)) as found_value_vnd
from cells
