-- Dispatch 3923/TCHQ-GSQL (iv). Lines of one declaration are one receipt.
-- The few parties with that many records first: they bound the receipts from above.
with receipts as (

    select
        subjects.consignment_id,
        subjects.day,
        subjects.consignee_party_id,
        subjects.receipt_reference,
        parameters.receipts_per_day_limit
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join (
        {{ parameters_by_day({
            'receipts_per_day_limit': ['RECEIPTS_PER_DAY_FLAG', 'bigint']
        }) }}
    ) as parameters
        on subjects.day = parameters.day
    {{ join_repeated('party', 'subjects', 'parameters.receipts_per_day_limit + 1') | indent(4) }}
    where
        subjects.consignee_party_id is not null
        and subjects.consignee_party_key <> 'none'

),

counted as (

    select
        receipts.day,
        receipts.consignee_party_id,
        receipts.receipts_per_day_limit,
        count(distinct receipts.receipt_reference) as receipt_count
    from receipts
    group by
        receipts.day,
        receipts.consignee_party_id,
        receipts.receipts_per_day_limit
    having count(distinct receipts.receipt_reference) > receipts.receipts_per_day_limit

)

select
    receipts.consignment_id,
    receipts.day,
    'multiple_receipts_per_day' as indicator_id,
    {{ evidence([
        ['receipts', 'counted.receipt_count', 'number'],
        ['receipts_limit', 'counted.receipts_per_day_limit', 'number'],
    ]) }} as evidence
from receipts
inner join counted
    on receipts.day = counted.day
    and receipts.consignee_party_id = counted.consignee_party_id
