{{ config(group='risk') }}

-- A selection without a usable probability cannot be weighted: it lies in (0, 1], and is exactly 1
-- unless the draw decided.
select
    consignment_id,
    day,
    selection_method,
    selection_probability
from {{ ref('fct_selections') }}
where
    selection_probability is null
    or selection_probability <= 0
    or selection_probability > 1
    or selection_method not in ('mandatory', 'manual', 'score', 'random')
    or (selection_method <> 'random' and selection_probability <> 1)
    or (selection_method <> 'random' and risk_type is null)
    or (selection_method in ('mandatory', 'score') and score_points is null)
    or (selection_method = 'random' and risk_type is not null)
