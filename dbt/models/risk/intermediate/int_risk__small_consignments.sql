{{ config(materialized='whole_table') }}
-- Consignments of the run's days that may be a piece of a purchase spread over days: not above the
-- limit for one owner, and not too small. Who owns them is who the consignee is found to be on the day.
-- Lines of a declaration are left out: invoices are another trade. On few columns first: most
-- consignments are too small.
with pieces as (

    select
        subjects.consignment_id,
        subjects.day,
        subjects.receipt_reference,
        subjects.consignee_party_id,
        subjects.consignor_party_id,
        subjects.value_vnd
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join (
        {{ parameters_by_day({
            'limit_vnd': ['AGGREGATE_SAME_OWNER', 'decimal(18,2)'],
            'state_value_vnd': ['SPLIT_OVER_DAYS_STATE_VALUE', 'decimal(18,2)'],
        }) }}
    ) as parameters
        on subjects.day = parameters.day
        and subjects.value_vnd >= parameters.state_value_vnd
        and subjects.value_vnd <= parameters.limit_vnd
    where
        subjects.consignment_kind <> 'declaration_line'
        and subjects.consignee_party_id is not null
        and subjects.consignee_party_key <> 'none'
        and subjects.consignor_party_id is not null

)

select
    pieces.consignment_id,
    pieces.day,
    pieces.receipt_reference,
    coalesce(resolved.resolved_party_id, pieces.consignee_party_id) as owner_party_id,
    pieces.consignor_party_id,
    pieces.value_vnd
from pieces
left join {{ ref('int_parties__resolved') }} as resolved
    on pieces.day = resolved.day
    and pieces.consignee_party_id = resolved.party_id
