{{ config(materialized='day_window') }}
-- Mergeable: what each declarant declared on a day, and what became known that day of its checks. A
-- declaration counts once however many lines it has.
with declared as (

    select
        consignments.day,
        consignments.declarant_id_token,
        count(distinct consignments.declaration_number) as declaration_count
    from {{ ref('fct_consignments') }} as consignments
    inner join {{ ref('int_risk__parameters') }} as parameters
        on consignments.day = parameters.day
    where
        consignments.is_active
        and consignments.declarant_id_token is not null
    group by
        consignments.day,
        consignments.declarant_id_token

),

critical as (

    select distinct
        known_day,
        consignment_reference,
        line_number
    from {{ ref('fct_inspection_outcomes') }}
    where
        result = 'finding'
        and finding_severity = 'critical'

),

checked as (

    select
        inspected.day,
        consignments.declarant_id_token,
        consignments.declaration_number,
        consignments.house_waybill_number,
        consignments.line_number,
        max(case when inspected.result = 'finding' then 1 else 0 end) as has_finding
    from {{ ref('int_risk__inspected_consignments') }} as inspected
    inner join {{ ref('int_risk__parameters') }} as parameters
        on inspected.day = parameters.day
    inner join {{ ref('fct_consignments') }} as consignments
        on inspected.consignment_day = consignments.day
        and inspected.consignment_id = consignments.consignment_id
    where consignments.declarant_id_token is not null
    group by
        inspected.day,
        consignments.declarant_id_token,
        consignments.declaration_number,
        consignments.house_waybill_number,
        consignments.line_number

),

declarations as (

    select
        checked.day,
        checked.declarant_id_token,
        checked.declaration_number,
        max(checked.has_finding) as has_finding,
        max(case when by_number.known_day is not null or by_bill.known_day is not null then 1 else 0 end)
            as is_critical
    from checked
    left join critical as by_number
        on checked.day = by_number.known_day
        and checked.declaration_number = by_number.consignment_reference
        and checked.line_number = coalesce(by_number.line_number, checked.line_number)
    left join critical as by_bill
        on checked.day = by_bill.known_day
        and checked.house_waybill_number = by_bill.consignment_reference
        and checked.line_number = coalesce(by_bill.line_number, checked.line_number)
    group by
        checked.day,
        checked.declarant_id_token,
        checked.declaration_number

),

added as (

    select
        day,
        declarant_id_token,
        declaration_count,
        0 as inspection_count,
        0 as finding_count,
        0 as critical_count
    from declared
    union all
    select
        day,
        declarant_id_token,
        0 as declaration_count,
        1 as inspection_count,
        has_finding as finding_count,
        is_critical as critical_count
    from declarations

)

select
    day,
    declarant_id_token,
    cast(sum(declaration_count) as bigint) as declaration_count,
    cast(sum(inspection_count) as bigint) as inspection_count,
    cast(sum(finding_count) as bigint) as finding_count,
    cast(sum(critical_count) as bigint) as critical_count
from added
group by
    day,
    declarant_id_token
