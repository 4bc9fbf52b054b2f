-- The manifest rows of the chunk, and beside them what the other files of the day are derived from.
-- Reads parcel_core in its order, which DuckDB preserves.
create or replace temp table parcel_chunk as
select
    position, head, k, k_person, fair_vnd, value_vnd, good,
    case when block = 'stale_suspended_platform' and plan_is_suspended() = 0 then null
        else block end as typology,
    concat('SX', plan_day_code(), digits(position, 100000000)) as house_waybill_number,
    1 as version_number,
    'original' as record_status,
    'house' as waybill_level,
    case when office_mode(office) = '1'
        then concat(['700-', '701-', '702-'][master % 3 + 1],
            digits(air_serial(master) * 10 + air_serial(master) % 7, 100000000))
        else concat('TRK', plan_day_code(), digits(master, 100000)) end as master_waybill_number,
    office_operator(office) as operator_code,
    office_channel(office) as channel,
    case
        when block = 'unregistered_platform_behind_courier' then null
        when hit(draw_spelling(k), param_platform_upper_case())
            then upper(platform_code(order_platform))
        else platform_code(order_platform)
    end as platform_code,
    case when order_platform > 0 then concat(platform_prefix(order_platform), '-', plan_day_code(),
        digits(draw_order(k), 10000000000)) end as platform_order_id,
    case when order_platform > 0 then concat(platform_prefix(order_platform), 'S',
        digits(seller, 10000000)) end as seller_id_platform,
    office_code(office) as customs_office_code,
    'VN' as importing_country_code,
    office_mode(office) as transport_mode_code,
    plan_day()::date + to_seconds(600 + draw_arrival(k_master) % 85000) as arrived_at,
    firm_name(k_seller) as consignor_name,
    concat(country_calling_code(country), digits(k_seller % 1000000000, 1000000000))
        as consignor_phone,
    foreign_address(k_seller, country) as consignor_address,
    country_code(country) as consignor_country_code,
    case when is_firm(k_person) then concat('Công ty TNHH ', firm_word(k_person))
        else person_name(k_person) end as consignee_name,
    case
        when not is_clustered and hit(draw_id_missing(k), param_id_missing()) then null
        when is_firm(k_person) then tax_code(n)
        when hit(draw_id_kind(k_person), param_id_tax_code() + param_id_old_nine_digits())
            then digits((n * 7654321 + 11) % 1000000000, 1000000000)
        else personal_id(n, k_person)
    end as consignee_id_number,
    case when not is_clustered and hit(draw_phone_missing(k), param_phone_missing()) then null
        else mobile_phone(phone_n) end as consignee_phone,
    case
        when is_clustered or not hit(draw_address_state(k), param_address_missing()
            + param_address_province_only() + param_address_without_street())
            then full_address(k_home)
        when hit(draw_address_state(k), param_address_missing()) then null
        when hit(draw_address_state(k), param_address_missing() + param_address_province_only())
            then province_name(province)
        else ward_address(k_home)
    end as consignee_address,
    province_code(province) as consignee_province_code,
    'VN' as consignee_country_code,
    case
        when block = 'prohibited_goods' then prohibited_name(draw_detail(k))
        when block = 'false_item_name' then vague_name(draw_detail(k))
        when block = 'disguised_brand'
            then concat(disguised_brand(draw_detail(k)), colour_vi(draw_colour(k)))
        when block is null and hit(draw_vague(k), param_vague_description())
            then vague_name(draw_detail(k))
        when hit(draw_language(k), param_description_in_english())
            then concat(good_name_en(good), brand(draw_brand(k)), colour_en(draw_colour(k)),
                detail_en(draw_detail(k)))
        else concat(good_name_vi(good), brand(draw_brand(k)), colour_vi(draw_colour(k)),
            detail_vi(draw_detail(k)))
    end as item_description,
    case
        when block in ('prohibited_goods', 'false_item_name', 'disguised_brand') then null
        when hit(draw_hs(k), param_hs_stated() * 3 // 10) then good_hs8(good)
        when hit(draw_hs(k), param_hs_stated()) then substr(good_hs8(good), 1, 6)
    end as hs_code,
    case when hit(draw_origin(k), param_other_origin()) then 'CN' else country_code(country) end
        as origin_country_code,
    pieces as quantity,
    'PCE' as quantity_unit_code,
    1 as package_count,
    cast(grams as decimal(15, 0)) * cast(0.001 as decimal(3, 3)) as gross_weight_kg,
    cents(value_vnd * 10000 // plan_rate(currency)) as declared_value,
    currency_code(currency) as currency_code,
    case when block = 'gathering_point' then 'SYNGATHER01'
        else concat(office_code(office), ['W1', 'W2', 'W3'][draw_warehouse(k_master) % 3 + 1]) end as warehouse_code
from parcel_core;
