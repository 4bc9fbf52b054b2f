-- Every different description once: the longest known term classifies it, watched terms flag it.
create temp table descriptions as
with texts as (
    select item_description_folded from parcels
    union select item_description_folded from low_value
    union select item_description_folded from lines
)

select
    item_description_folded,
    ' ' || regexp_replace(item_description_folded, '[^a-z0-9]+', ' ', 'g') || ' ' as padded
from texts where item_description_folded is not null;
create temp table words as
select distinct item_description_folded, padded, unnest(string_split(padded, ' ')) as word
from descriptions;
create temp table classified as
select item_description_folded, arg_max(hs_heading, (length(term), -term_rank)) as hs_heading
from words
inner join (
    select term, hs_heading, split_part(term, ' ', 1) as word,
        row_number() over (order by term) as term_rank
    from read_csv(getvariable('seeds') || '/reference/item_terms.csv', all_varchar = true)
) as terms using (word)
where contains(padded, ' ' || term || ' ')
group by item_description_folded;

-- The province at the end of an address that states none: the name alone, or after its kind.
create temp table province_names as
select name, any_value(province_code) as province_code
from read_csv(
    getvariable('seeds') || '/../../ingest/places/gazetteer/provinces.csv',
    all_varchar = true, comment = '#')
where getvariable('day') >= coalesce(cast(valid_from as date), date '0001-01-01')
    and getvariable('day') <= coalesce(cast(valid_to as date), date '9999-12-31')
group by name;
create macro province_name(v) as regexp_replace(
    replace(trim(regexp_extract(v, '([^,;]*)[,; ]*$', 1)), '-', ' '),
    '^(tinh|thanh pho|tp\.?) +', '');

create schema core;
create table core.fct_consignments as
with matched_low_value as (
    select
        low_value.house_waybill_number, low_value.declared_value, low_value.currency_code,
        low_value.customs_value_vnd
    from low_value
    inner join parcels using (house_waybill_number)
    where low_value.record_status <> 'cancelled' and parcels.waybill_level = 'house'
),

unioned as (
    select
        case when waybill_level = 'master' then 'M-' else 'P-' end || house_waybill_number
            as consignment_id,
        case when waybill_level = 'master' then 'master_waybill' else 'parcel' end
            as consignment_kind,
        parcels.* exclude (waybill_level),
        matched.house_waybill_number is not null as has_low_value_declaration,
        matched.declared_value as low_value_declared, matched.currency_code as low_value_currency,
        matched.customs_value_vnd as low_value_stated_vnd, 'parcel_manifest' as source
    from parcels
    left join matched_low_value as matched using (house_waybill_number)
    union all by name
    select
        'L-' || house_waybill_number as consignment_id,
        'low_value_declaration' as consignment_kind, 'express' as channel,
        low_value.* exclude (customs_value_vnd), customs_value_vnd as stated_value_vnd,
        true as has_low_value_declaration, declared_value as low_value_declared,
        currency_code as low_value_currency, customs_value_vnd as low_value_stated_vnd,
        'low_value_declaration' as source
    from low_value
    anti join matched_low_value using (house_waybill_number)
    union all by name
    select
        'D-' || declaration_number || '-' || line_number as consignment_id,
        'declaration_line' as consignment_kind, lines.*, false as has_low_value_declaration,
        lines.house_waybill_number in (
            select house_waybill_number from parcels
            where record_status <> 'cancelled' and waybill_level = 'house'
        ) as is_described_by_parcel,
        'customs_declaration' as source
    from lines
),

keyed as (
    select
        unioned.* exclude (platform_code, importing_country_code),
        coalesce(importing_country_code, rule_text('HOME_COUNTRY')) as importing_country_code,
        coalesce(aliases.platform_code, unioned.platform_code) as platform_code,
        identifier_status(consignee_id) as consignee_id_status,
        address_status(consignee_address) as consignee_address_status,
        case
            when identifier_status(consignee_id) in ('tax_code', 'personal_id') then 'identifier'
            when consignee_phone_status = 'valid' then 'phone'
            when consignee_name is not null and consignee_address is not null
                then 'name_address'
            else 'none'
        end as consignee_party_key,
        chapters.hs_chapter as declared_chapter,
        coalesce(stated_value_vnd, try_cast(declared_value * rates.rate as decimal(18, 2)))
            as value_vnd,
        coalesce(
            low_value_stated_vnd,
            try_cast(low_value_declared * low_value_rates.rate as decimal(18, 2))
        ) as low_value_declared_value_vnd,
        rates.rate as exchange_rate_vnd
    from unioned
    left join aliases on unioned.platform_code = aliases.alias
    left join
        read_csv(getvariable('seeds') || '/reference/hs_chapters.csv', all_varchar = true)
            as chapters
        on left(unioned.hs_code, 2) = chapters.hs_chapter
        and regexp_full_match(unioned.hs_code, '[0-9]{4,}')
    left join exchange_rates as rates using (currency_code)
    left join exchange_rates as low_value_rates
        on unioned.low_value_currency = low_value_rates.currency_code
)

select
    consignment_id, consignment_kind, day, importing_country_code, record_status,
    record_status <> 'cancelled' and consignment_kind <> 'master_waybill' as is_active,
    version_number, house_waybill_number, master_waybill_number, declaration_number, line_number,
    operator_code, coalesce(channel, 'unknown') as channel, transport_mode_code,
    coalesce(customs_office_code, 'unknown') as customs_office_code,
    coalesce(keyed.platform_code, 'unstated') as platform_code,
    case when keyed.platform_code is null then 'unstated'
        else coalesce(platform_status, 'unregistered') end as platform_status,
    platform_order_id, seller_id_platform,
    md5(case
        when consignor_phone like '+%' then 'phone|' || consignor_phone
        when consignor_name is not null and consignor_address is not null
            then 'name_address|' || consignor_name || '|' || consignor_address
    end) as consignor_party_id,
    consignor_country_code,
    md5(case consignee_party_key
        when 'identifier' then 'identifier|' || consignee_id
        when 'phone' then 'phone|' || consignee_phone
        when 'name_address' then 'name_address|' || consignee_name || '|' || consignee_address
    end) as consignee_party_id,
    consignee_party_key, consignee_name, consignee_id, consignee_id_status, consignee_phone,
    consignee_phone_status, consignee_address, consignee_address_status,
    coalesce(provinces.province_code, 'unknown') as consignee_province_code,
    item_description, keyed.item_description_folded, hs_code,
    coalesce(declared_chapter, left(classified.hs_heading, 2), 'unknown') as hs_chapter,
    case when declared_chapter is not null then left(hs_code, 4)
        else coalesce(classified.hs_heading, 'unknown') end as hs_heading,
    case when declared_chapter is not null then 'declared'
        when classified.hs_heading is not null then 'classified' else 'unknown' end as hs_basis,
    coalesce(origin_country_code, 'unknown') as origin_country_code, quantity, package_count,
    gross_weight_kg, declared_value, currency_code, exchange_rate_vnd, value_vnd,
    try_cast(floor(cast(value_vnd as double) / cast(nullif(gross_weight_kg, 0) as double))
        as bigint) as unit_value_vnd_per_kg,
    duty_rate_percent as declared_duty_rate_percent, tariff_schedule_code,
    has_low_value_declaration, low_value_declared_value_vnd, source, warehouse_code,
    record_status <> 'cancelled' and consignment_kind <> 'master_waybill'
    and not coalesce(is_described_by_parcel, false) as is_in_flows
from keyed
left join platform_status on keyed.platform_code = platform_status.platform_code
left join classified on keyed.item_description_folded = classified.item_description_folded
left join province_names
    on province_names.name = case
        when keyed.consignee_province_code is null then province_name(keyed.consignee_address) end
left join
    read_csv(getvariable('seeds') || '/reference/provinces.csv', all_varchar = true) as provinces
    on coalesce(keyed.consignee_province_code, province_names.province_code)
    = provinces.province_code;
