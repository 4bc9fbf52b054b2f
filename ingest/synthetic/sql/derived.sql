-- From the parcels of the chunk: low-value declarations (MIC), inspections, planted truth.
create or replace temp table low_value_chunk as
select
    position, house_waybill_number, version_number, record_status,
    '10' || digits(plan_day_number() % 1000, 1000) || digits(position, 10000000) as declaration_number,
    master_waybill_number, customs_office_code,
    case when is_firm(k_person) then '4' when draw_person_kind(k) % 10 < 3 then '1' else '2' end
        as person_kind_code,
    operator_code,
    cast(arrived_at as date) as arrived_on,
    consignee_id_number as importer_id_number,
    consignee_name as importer_name,
    consignee_phone as importer_phone,
    consignee_address as importer_address,
    consignor_name, consignor_address, consignor_country_code, item_description,
    origin_country_code, package_count, gross_weight_kg,
    case when hit(draw_mic_value(k), param_low_value_differs())
        then cast(declared_value * cast(0.9 as decimal(1, 1)) as decimal(18, 2))
        else declared_value end as declared_value,
    currency_code,
    case when hit(draw_mic_value(k), param_low_value_differs()) then value_vnd * 9 // 10
        else value_vnd end as customs_value_vnd,
    warehouse_code,
    'OPR' || plan_day_code() || digits(position, 10000000) as operator_reference
from parcel_chunk
where channel = 'express'
    and value_vnd <= param_relief_value_vnd()
    and hit(draw_mic(k), param_low_value_declared());

create or replace temp view parcel_candidates as
select
    position, k, typology, fair_vnd, arrived_at,
    'INS-' || plan_day_code() || '-P' || digits(position, 100000000) as inspection_id,
    house_waybill_number as consignment_reference,
    cast(null as bigint) as line_number
from parcel_chunk;

create or replace temp table inspection_chunk as
select * from inspected('parcel_candidates');

create or replace temp table truth_chunk as
select
    position,
    plan_day()::date as day,
    'parcel_manifest' as source,
    house_waybill_number,
    cast(null as varchar) as declaration_number,
    cast(null as bigint) as line_number,
    typology,
    case
        when typology = 'gathering_point' then 'gathering_point'
        when typology in ('split_under_relief', 'one_address_many_consignees', 'phone_reuse')
            then plan_day_code() || '-' || head
    end as cluster_id,
    case typology
        when 'undervaluation' then 'declared value = true value x 100 / '
            || undervaluation_percent(k)
        when 'split_under_relief'
            then 'one consignee, one consignor, one master bill; each below the relief value'
        when 'one_address_many_consignees' then 'six consignees at one address'
        when 'phone_reuse' then 'five consignees with one phone'
        when 'prohibited_goods' then item_description
        when 'false_item_name' then 'stated as ' || item_description || '; in truth '
            || good_name_vi(good)
        when 'disguised_brand' then item_description
        when 'unregistered_platform_behind_courier' then 'platform left out; order '
            || platform_order_id
        when 'stale_suspended_platform' then 'arrived on or after the suspension'
        when 'gathering_point' then 'one warehouse address, more parcels every day'
    end as detail,
    case when typology = 'undervaluation' then fair_vnd end as planted_true_value_vnd
from parcel_chunk
where typology is not null;
