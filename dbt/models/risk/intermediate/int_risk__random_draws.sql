-- The random stratum with its weights: how many consignments each draw stands for, and the square of
-- that. The inspectors' probability counts; where they state none, that of the warehouse's own draw. A
-- draw without any has no weight and estimates nothing. Whole thousandths: sums have no order.
-- Otherwise green: selected by nothing else, and where the warehouse drew it, which may come before the
-- score, with points that reach no queue.
with draws as (

    select
        consignment_id,
        consignment_day,
        max(day) as known_day,
        max(customs_office_code) as customs_office_code,
        max(case when result = 'finding' then 1 else 0 end) as has_finding,
        max(selection_probability) as stated_probability
    from {{ ref('int_risk__inspected_consignments') }}
    where stratum = 'random'
    group by
        consignment_id,
        consignment_day

),

placed as (

    select
        draws.consignment_id,
        draws.consignment_day,
        draws.known_day,
        draws.customs_office_code,
        draws.has_finding,
        case
            when selections.selection_method is null then 1
            when selections.selection_method = 'random' and cells.score_band = 'below' then 1
            else 0
        end as is_otherwise_green,
        cast(nullif(coalesce(
            draws.stated_probability,
            case when selections.selection_method = 'random' then selections.selection_probability end
        ), 0) as double) as probability
    from draws
    left join {{ ref('fct_selections') }} as selections
        on draws.consignment_day = selections.day
        and draws.consignment_id = selections.consignment_id
    left join {{ ref('int_risk__selected_cells') }} as cells
        on draws.consignment_day = cells.day
        and draws.consignment_id = cells.consignment_id

),

weighed as (

    select
        placed.*,
        {{ thousandths('1e0 / probability') }} as weight_milli,
        {{ thousandths('1e0 / (probability * probability)') }} as weight_square_milli
    from placed

)

select
    consignment_id,
    consignment_day,
    known_day,
    customs_office_code,
    has_finding,
    is_otherwise_green,
    case when weight_square_milli is not null then weight_milli end as weight_milli,
    weight_square_milli
from weighed
