-- Every decision of an officer to select or release is kept, and says what became of it.
with linked as (

    select
        day,
        consignment_id,
        consignment_day,
        decided_at,
        office_code,
        override,
        decision_rank,
        row_number() over (
            partition by consignment_id, decided_at, office_code, override
            order by
                case when consignment_day = day then 0 else 1 end nulls last,
                consignment_day desc nulls last
        ) as link_choice
    from {{ ref('int_risk__overrides') }}

),

known as (

    select
        linked.consignment_id,
        linked.decided_at,
        linked.office_code,
        linked.override,
        linked.consignment_day,
        selections.selection_method,
        case
            when linked.consignment_day < linked.day then 'too_late'
            when linked.decision_rank is null then 'other_office'
            when linked.decision_rank > 1 then 'overruled'
            when selections.selection_method = 'mandatory' then 'mandatory_stands'
            when linked.override = 'select' and selections.selection_method = 'manual' then 'applied'
            when linked.override = 'release' and selections.selection_method is null then 'applied'
            else 'without_effect'
        end as override_outcome
    from linked
    left join {{ ref('fct_selections') }} as selections
        on linked.consignment_day = selections.day
        and linked.consignment_id = selections.consignment_id
    where linked.link_choice = 1

)

select
    overrides.consignment_id,
    overrides.decided_at,
    overrides.decided_date as decided_day,
    overrides.office_code,
    overrides.unit,
    overrides.override,
    overrides.risk_type,
    overrides.reason,
    coalesce(known.override_outcome, 'unknown_consignment') as override_outcome,
    known.consignment_day,
    known.selection_method,
    overrides.sender,
    overrides.source_sha256,
    overrides.source_line
from {{ ref('int_risk__overrides_stated') }} as overrides
left join known
    on overrides.consignment_id = known.consignment_id
    and overrides.decided_at = known.decided_at
    and overrides.office_code = known.office_code
    and overrides.override = known.override
