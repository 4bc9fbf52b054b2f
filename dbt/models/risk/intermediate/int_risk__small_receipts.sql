{{ config(
    materialized='day_window',
    pre_hook="{{ drop_days_before(splitting_period(), 'first_day') }}",
) }}
-- Receipts within the relief value and large enough to be a piece of a split, of the days that
-- splitting is read over. The one place that says who a receipt belongs to (consignee_party_id).
with members as (

    select
        subjects.day,
        subjects.receipt_reference,
        subjects.consignment_kind,
        subjects.consignment_id,
        subjects.consignee_party_id,
        subjects.consignor_party_id,
        case when subjects.consignee_address_status = 'complete' then subjects.consignee_address_token end
            as address_token,
        subjects.master_waybill_number,
        subjects.operator_code,
        subjects.value_vnd,
        parameters.state_value_vnd,
        parameters.limit_vnd
    from {{ ref('int_risk__home_subjects') }} as subjects
    inner join (
        {{ parameters_by_day({
            'limit_vnd': ['AGGREGATE_SAME_OWNER', 'decimal(18,2)'],
            'state_value_vnd': ['SPLIT_STATE_VALUE', 'decimal(18,2)'],
        }) }}
    ) as parameters
        on subjects.day = parameters.day
    inner join (
        {{ splitting_period() }}
    ) as period
        on subjects.day >= period.first_day
    where
        subjects.consignee_party_id is not null
        and subjects.value_vnd <= parameters.limit_vnd
        -- lines of a declaration add up to its receipt; of the others a small one ends here
        and (
            subjects.consignment_kind = 'declaration_line'
            or subjects.value_vnd >= parameters.state_value_vnd
        )

)

-- Lines of a declaration add up. A parcel and the declaration of the same house bill are the same goods:
-- counted once, as what they are stated to be worth at most.
{% set kinds = ['parcel', 'declaration_line', 'low_value_declaration'] %}
{% set value_vnd %}
    greatest(
        {%- for kind in kinds %}
        sum(case when consignment_kind = '{{ kind }}' then value_vnd end){{ ',' if not loop.last }}
        {%- endfor %}
    )
{% endset %}
select
    day,
    receipt_reference,
    consignee_party_id,
    max(limit_vnd) as limit_vnd,
    greatest(
        {%- for kind in kinds %}
        min(case when consignment_kind = '{{ kind }}' then consignment_id end){{ ',' if not loop.last }}
        {%- endfor %}
    ) as consignment_id,
    min(consignor_party_id) as consignor_party_id,
    min(address_token) as address_token,
    min(master_waybill_number) as master_waybill_number,
    min(operator_code) as operator_code,
    cast({{ value_vnd }} as decimal(38, 2)) as value_vnd
from members
group by
    day,
    receipt_reference,
    consignee_party_id
having
    {{ value_vnd }} >= max(state_value_vnd)
    and {{ value_vnd }} <= max(limit_vnd)
