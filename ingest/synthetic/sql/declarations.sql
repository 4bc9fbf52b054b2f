-- One row per declaration line of the day: commercial and other lots beside the parcels, with their own
-- house waybills. Ten declarations have 1, 2, 1, 3, 1, 5, 2, 1, 4, 1 lines; then the cycle repeats.
create or replace temp table declaration_chunk as
with numbered as (
    select
        i as position,
        i // 21 * 10 + line_declaration(i) as serial,
        line_in_declaration(i) as line_number
    from range(plan_from_row(), plan_to_row()) as line_rows (i)
),

lines as (
    select
        *,
        keyed(position, plan_line_key_a(), plan_line_key_b()) as k,
        keyed(serial, plan_declaration_key_a(), plan_declaration_key_b()) as k_header
    from numbered
),

headed as (
    select
        *,
        pick_office(draw_office(k_header)) as office,
        -- Persons are those of the parcels; firms have numbers of their own.
        (draw_order(k_header) >> 12) % (plan_lines() + 1000)
            + case when draw_person_kind(k_header) % 100 < 85 then 537654321 else 0 end as importer,
        draw_person_kind(k_header) % 100 < 85 as is_business,
        case when hit(draw_country(k_header), 700000) then 0
            else pick_other_country(draw_country(k_header) // 1000000) end as country,
        pick_good(draw_good(k)) as good,
        1 + draw_quantity(k) % 200 as pieces,
        hit(draw_line_undervalued(k), param_line_undervaluation()) as is_undervalued
    from lines
),

weighed as (
    select
        *,
        person_key(importer) as k_importer,
        greatest(good_grams(good) * pieces * weight_factor(draw_weight(k)) // 10000, 100) as grams,
        seller_key(900000000 + draw_seller_a(k_header) % (plan_sellers() + 50)) as k_seller,
        case when draw_currency(k_header) % 100 < 60 then 1 else country_currency(country) end
            as currency,
        hit(draw_tariff(k), param_preferential_tariff()) and country = 0 as is_preferential
    from headed
),

-- A wholesale price per kg is lower than a parcel's: the level is halved.
valued as (
    select
        *,
        greatest(good_value_per_kg(good) // 2 * grams // 1000 * value_factor(draw_value(k)) // 10000,
            20000) as fair_vnd,
        '11' || digits(plan_day_number() % 1000, 1000) || digits(serial, 1000000) || '0' as declaration_number
    from weighed
)

select
    *,
    case when is_undervalued then fair_vnd * 100 // undervaluation_percent(k) else fair_vnd end
        as value_vnd,
    case when is_undervalued then 'undervaluation' end as typology,
    1 as version_number,
    'original' as record_status,
    false as is_partial,
    'REF' || plan_day_code() || digits(serial, 1000000) as local_reference_number,
    case when is_business then 'A11' else 'H11' end as declaration_type_code,
    case draw_tariff(k_header) % 2 when 0 then 'TTR' else 'KC' end as payment_method_code,
    office_code(office) as customs_office_code,
    'VN' as importing_country_code,
    office_mode(office) as transport_mode_code,
    plan_day()::date + to_seconds(25200 + draw_arrival(k_header) % 39600) as registered_at,
    country_code(country) as departure_country_code,
    country_code(country) as origin_country_code,
    good_hs8(good) as hs_code,
    concat(good_name_vi(good), ', nhãn hiệu', brand(draw_brand(k)), ',', colour_vi(draw_colour(k)),
        ', hàng mới 100%') as item_description,
    pieces as quantity,
    'PCE' as quantity_unit_code,
    cast(grams * 92 // 100 as decimal(15, 0)) * cast(0.001 as decimal(3, 3)) as net_mass_kg,
    cast(grams as decimal(15, 0)) * cast(0.001 as decimal(3, 3)) as gross_weight_kg,
    1 + pieces // 40 as package_count,
    case when is_preferential then 'B05' else 'B01' end as tariff_schedule_code,
    case when is_preferential then 0 else good_duty(good) end as duty_rate_percent,
    ['CIF', 'CIP', 'DAP', 'FOB'][draw_incoterm(k_header) % 4 + 1] as incoterm_code,
    case when is_business then tax_code(importer)
        else personal_id(importer, k_importer) end as importer_id_number,
    case when is_business then concat('Công ty TNHH ', firm_word(k_importer))
        else person_name(k_importer) end as importer_name,
    mobile_phone(importer) as importer_phone,
    full_address(k_importer) as importer_address,
    tax_code(draw_seller_b(k_header) % 60 + 5000) as declarant_id_number,
    'SELLER' || digits(draw_seller_a(k_header) % (plan_sellers() + 50), 10000000) as seller_id_number,
    office_operator(office) as operator_code,
    firm_name(k_seller) as consignor_name,
    concat(country_calling_code(country), digits(k_seller % 1000000000, 1000000000))
        as consignor_phone,
    foreign_address(k_seller, country) as consignor_address,
    country_code(country) as consignor_country_code,
    'SD' || plan_day_code() || digits(serial, 100000000) as house_waybill_number,
    '380:INV' || plan_day_code() || digits(serial, 1000000) as previous_documents,
    cents(value_vnd * 10000 // plan_rate(currency)) as declared_value,
    currency_code(currency) as currency_code
from valued;

create or replace temp view line_candidates as
select
    position, k, typology, fair_vnd, registered_at as arrived_at,
    'INS-' || plan_day_code() || '-D' || digits(position, 100000000) as inspection_id,
    declaration_number as consignment_reference,
    line_number
from declaration_chunk;

create or replace temp table declaration_inspection_chunk as
select * from inspected('line_candidates');

create or replace temp table declaration_truth_chunk as
select
    position,
    plan_day()::date as day,
    'customs_declaration' as source,
    cast(null as varchar) as house_waybill_number,
    declaration_number,
    line_number,
    typology,
    cast(null as varchar) as cluster_id,
    'declared value = true value x 100 / ' || undervaluation_percent(k) as detail,
    fair_vnd as planted_true_value_vnd
from declaration_chunk
where typology is not null;
