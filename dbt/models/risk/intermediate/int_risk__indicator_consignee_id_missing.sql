-- Dispatch 3923/TCHQ-GSQL (ii). An unrecognised number (a passport, say) is a number: not missing. One
-- that is filled in to have something (001000000000) names nobody.
select
    consignment_id,
    day,
    'consignee_id_missing' as indicator_id,
    {{ evidence([
        ['id_status', "coalesce(consignee_id_status, 'missing')", 'text'],
    ]) }} as evidence
from {{ ref('int_risk__home_subjects') }}
where coalesce(consignee_id_status, 'missing') in ('missing', 'placeholder')
