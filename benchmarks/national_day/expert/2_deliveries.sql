-- The delivered CSV files, each read once. Personal values become a 64-bit key and a status while
-- a file is read: their texts are never stored.
create temp view manifest as
select
    * exclude (importing_country_code, consignee_country_code, arrived_at,
        is_piece_count_consistent, customs_notes),
    coalesce(cast(arrived_at as date), getvariable('received')) as day,
    coalesce(importing_country_code, consignee_country_code) as destination_country_code
from manifest_file;

create temp table low_value as
select
    house_waybill_number, version_number, coalesce(record_status, 'original') as record_status,
    declaration_number, master_waybill_number, customs_office_code, operator_code,
    coalesce(arrived_on, getvariable('received')) as day, warehouse_code,
    importer_id_number as consignee_id_number, importer_name as consignee_name,
    importer_phone as consignee_phone, importer_address as consignee_address, consignor_name,
    consignor_address, consignor_country_code, item_description, origin_country_code,
    package_count, gross_weight_kg, cast(declared_value as decimal(18, 2)) as declared_value,
    currency_code, customs_value_vnd
from low_value_file
where coalesce(arrived_on, getvariable('received')) = getvariable('day');

create temp view declaration_lines as
select
    declaration_number, line_number, version_number, record_status, customs_office_code,
    declaration_type_code, departure_country_code, origin_indicator_code, quantity_unit_code,
    net_mass_kg,
    case when declarant_id_number is not null then hash(declarant_id_number) end
        as declarant_id_key,
    case when seller_id_number is not null then hash(seller_id_number) end as seller_id_key,
    importing_country_code as destination_country_code, transport_mode_code,
    coalesce(cast(registered_at as date), getvariable('received')) as day, origin_country_code,
    hs_code, item_description, quantity, gross_weight_kg, package_count,
    cast(declared_value as decimal(18, 2)) as declared_value, currency_code, tariff_schedule_code,
    duty_rate_percent, operator_code, importer_id_number as consignee_id_number,
    importer_name as consignee_name, importer_phone as consignee_phone,
    importer_address as consignee_address, null::varchar as consignee_province_code,
    consignor_name, consignor_phone, consignor_address, consignor_country_code,
    house_waybill_number, master_waybill_number
from declaration_file;

create macro keyed(source) as table
with plainly as (
    select
        * replace (
            phone(consignor_phone) as consignor_phone,
            identifier(consignee_id_number) as consignee_id_number),
        plain(consignee_name) as name_plain, plain(consignee_address) as address_plain,
        phone(consignee_phone) as phone
    from query_table(source)
    where day = getvariable('day')
),

folded as (
    select
        * replace (
            name_form(fold(consignee_name, name_plain)) as consignee_name,
            fold(consignee_address, address_plain) as consignee_address),
        identifier_status(consignee_id_number) as consignee_id_status,
        phone_status(consignee_phone, phone) as consignee_phone_status
    from plainly
),

judged as (
    select
        *,
        address_status(consignee_address) as consignee_address_status,
        case
            when consignee_id_status in ('tax_code', 'personal_id') then 'identifier'
            when consignee_phone_status = 'valid' then 'phone'
            when consignee_name is not null and consignee_address is not null
                then 'name_address'
            else 'none'
        end as consignee_party_key
    from folded
)

select
    * exclude (consignor_name, consignor_phone, consignor_address, consignee_name, name_plain,
        consignee_id_number, consignee_phone, phone, consignee_address, address_plain)
        replace (coalesce(record_status, 'original') as record_status,
            replace(hs_code, '.', '') as hs_code,
            case when consignee_province_code is not null then consignee_province_code
                else getvariable('provinces')[province_name(consignee_address)] end
                as consignee_province_code),
    case
        when consignor_phone[1] = '+' then hash(consignor_phone)
        when consignor_name is not null and consignor_address is not null
            then hash(name_form(fold(consignor_name, plain(consignor_name))),
                address_form(fold(consignor_address, plain(consignor_address))))
    end as consignor_party_id,
    case consignee_party_key
        when 'identifier' then hash('identifier', consignee_id_number)
        when 'phone' then hash(
            'phone', phone,
            coalesce(consignee_name, address_form(consignee_address), ''))
        when 'name_address' then hash(consignee_name, address_form(consignee_address))
    end as consignee_party_id,
    case when consignee_name is not null then hash(consignee_name) end as consignee_name_key,
    case when consignee_id_number is not null then hash(consignee_id_number) end
        as consignee_id_key,
    case when phone is not null then hash(phone) end as consignee_phone_key,
    case when consignee_address is not null then hash(address_form(consignee_address)) end
        as consignee_address_key
from judged;

create temp table parcels as
select * replace (
        lower(trim(platform_code)) as platform_code,
        case when waybill_level = 'master' then 'master' else 'house' end as waybill_level)
from keyed('manifest');
create temp table lines as from keyed('declaration_lines');

-- Nearly every low-value declaration has its parcel: only the others are consignments.
create temp table raw_lone_low_value as
select
    * exclude (customs_value_vnd), customs_value_vnd as stated_value_vnd,
    null::varchar as consignor_phone, null::varchar as consignee_province_code,
    null::varchar as hs_code
from low_value
where record_status = 'cancelled'
    or house_waybill_number not in (
        select house_waybill_number from parcels where waybill_level = 'house');
create temp table lone_low_value as from keyed('raw_lone_low_value');
