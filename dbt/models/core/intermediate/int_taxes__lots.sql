{{ config(materialized='whole_table') }}

-- Lots that lose the relief from duty: several consignments of one owner under one master bill on a
-- day, together above the limit (dispatch 3923/TCHQ-GSQL of 2021). An owner is the consignee as
-- stated: identities that are only suspected to be one person decide no tax. A parcel and its
-- low-value declaration are one consignment.
with parcels as (

    select
        consignments.consignment_id,
        consignments.day,
        consignments.consignee_party_id,
        consignments.master_waybill_number,
        rules.same_owner_limit_vnd,
        coalesce(consignments.low_value_declared_value_vnd, consignments.value_vnd)
            as customs_value_vnd
    from {{ ref('fct_consignments') }} as consignments
    {{ join_repeated('party', 'consignments', 2) }}
    inner join {{ ref('int_taxes__rules_by_day') }} as rules
        on consignments.day = rules.day
    where
        consignments.is_in_flows
        and consignments.importing_country_code = rules.home_country_code
        and consignments.consignee_party_key <> 'none'
        and consignments.master_waybill_number is not null
        and coalesce(
            case consignments.channel
                when 'express' then rules.same_owner_express
                when 'postal' then rules.same_owner_postal
            end, 0
        ) = 1

),

lots as (

    select
        day,
        consignee_party_id,
        master_waybill_number,
        count(*) as lot_consignments,
        cast(sum(customs_value_vnd) as decimal(38, 2)) as lot_value_vnd
    from parcels
    group by day, consignee_party_id, master_waybill_number
    having count(*) > 1 and sum(customs_value_vnd) > max(same_owner_limit_vnd)

)

select
    parcels.consignment_id,
    parcels.day,
    lots.lot_consignments,
    lots.lot_value_vnd
from parcels
inner join lots
    on parcels.day = lots.day
    and parcels.consignee_party_id = lots.consignee_party_id
    and parcels.master_waybill_number = lots.master_waybill_number
