{#- Select of the decisions and the consignments they speak of, on the later day of the two: a decision
    made by the end of the consignment's day is read by its selection (decision_rank 1 decides), a
    later one is only kept. `parameters`: a relation with day, override_history_from. The latest
    decision wins; at one moment a selection before a release, then the office, then the type. -#}
{% macro override_links(parameters) -%}
select
    linked.*,
    case
        when linked.is_competent then
            row_number() over (
                partition by
                    linked.day, linked.consignment_id, linked.consignment_day, linked.is_competent
                order by
                    linked.decided_at desc nulls last,
                    linked.override desc nulls last,
                    linked.office_code asc nulls last
            )
    end as decision_rank
from (
    select
        parameters.day,
        overrides.consignment_id,
        consignments.day as consignment_day,
        overrides.decided_at,
        overrides.office_code,
        overrides.override,
        overrides.risk_type,
        overrides.override = 'select'
        or overrides.office_code = consignments.customs_office_code as is_competent
    from {{ ref('stg_enforcement__selection_overrides') }} as overrides
    inner join {{ ref('fct_consignments') }} as consignments
        on overrides.consignment_id = consignments.consignment_id
    inner join {{ parameters }} as parameters
        on greatest(overrides.decided_date, consignments.day) = parameters.day
        and least(overrides.decided_date, consignments.day) >= parameters.override_history_from
    where
        consignments.is_active
        -- only days that can be linked are read
        and consignments.day >= (select min(override_history_from) from {{ parameters }})
        and consignments.day <= (select max(day) from {{ parameters }})
        and overrides.decided_date >= (select min(override_history_from) from {{ parameters }})
        and overrides.decided_date <= (select max(day) from {{ parameters }})
) as linked
{%- endmacro %}
