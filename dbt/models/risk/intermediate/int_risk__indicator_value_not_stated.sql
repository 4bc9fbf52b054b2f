-- A value of 0, or none, is no low price: there is nothing to compare, so it is asked for. What the
-- low-value declaration of the same day states is stated.
select
    consignment_id,
    day,
    'value_not_stated' as indicator_id,
    {{ evidence([
        ['value_status', "case when coalesce(value_vnd, declared_value) is null then 'missing' else 'zero' end", 'text'],
    ]) }} as evidence
from {{ ref('int_risk__home_subjects') }}
where
    coalesce(nullif(value_vnd, 0), nullif(declared_value, 0)) is null
    and coalesce(low_value_declared_value_vnd, 0) = 0
