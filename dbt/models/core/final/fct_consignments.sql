{{ config(materialized='day_window') }}

with consignments as (

    select * from {{ ref('int_consignments__unioned') }}

),

-- party keys by precedence: an identifier, else a valid phone with the name (an address where no name
-- is stated: neighbours and shops share phones), else name and address together
keyed as (

    select
        consignments.*,
        case
            when consignments.consignee_id_status in ('tax_code', 'personal_id') then 'identifier'
            when consignments.consignee_phone_status = 'valid' then 'phone'
            when consignments.consignee_name_token is not null
                and consignments.consignee_address_token is not null
                then 'name_address'
            else 'none'
        end as consignee_party_key,
        coalesce(consignments.consignee_name_token, consignments.consignee_address_token, '')
            as consignee_phone_check,
        case
            when consignments.consignor_phone_status = 'valid'
                then 'phone|' || consignments.consignor_phone_token
            when consignments.consignor_name_token is not null
                and consignments.consignor_address_token is not null
                then 'name_address|' || consignments.consignor_name_token
                    || '|' || consignments.consignor_address_token
        end as consignor_party_basis,
        -- who writes the word for "not stated" states nothing
        nullif(coalesce(aliases.platform_code, consignments.platform_code), 'unstated')
            as known_platform_code,
        case
            when substr(consignments.hs_code, 4, 1) <> ''
                and translate(consignments.hs_code, '0123456789', '') = ''
                then consignments.hs_code
        end as usable_hs_code,
        -- what the goods weigh: without the packing where it is stated
        coalesce(
            consignments.net_mass_kg, consignments.quantity_mass_kg, consignments.gross_weight_kg
        ) as mass_kg
    from consignments
    left join {{ ref('platform_aliases') }} as aliases on consignments.platform_code = aliases.alias

),

home as (

    select day, value_text as country_code
    from {{ ref('int_rules__in_force') }}
    where parameter_id = 'HOME_COUNTRY'

),

joined as (

    select
        keyed.*,
        coalesce(keyed.importing_country_code, home.country_code) as known_importing_country_code,
        platforms.platform_status as registry_status,
        provinces.province_code as known_province_code,
        chapters.hs_chapter as declared_chapter,
        items.hs_heading as classified_heading,
        items.first_probability_micro as name_probability_micro,
        rates.exchange_rate_vnd,
        {{ value_in_vnd(
            'keyed.stated_value_vnd', 'keyed.declared_value', 'rates.exchange_rate_vnd'
        ) }} as value_vnd,
        {{ value_in_vnd(
            'keyed.low_value_stated_value_vnd', 'keyed.low_value_declared_value',
            'low_value_rates.exchange_rate_vnd'
        ) }} as low_value_declared_value_vnd
    from keyed
    left join home on keyed.day = home.day
    left join {{ ref('int_items__periods_by_day') }} as item_periods on keyed.day = item_periods.day
    left join {{ ref('int_platforms__status_by_day') }} as platforms
        on keyed.known_platform_code = platforms.platform_code
        and keyed.day = platforms.day
    left join {{ ref('provinces') }} as provinces on keyed.consignee_province_code = provinces.province_code
    left join {{ ref('hs_chapters') }} as chapters
        on substr(keyed.usable_hs_code, 1, 2) = chapters.hs_chapter
    left join {{ ref('int_items__classified') }} as items
        on item_periods.period_no = items.period_no
        and keyed.item_description_folded = items.item_description_folded
    left join {{ ref('int_market__exchange_rates') }} as rates
        on keyed.currency_code = rates.currency_code
        and keyed.day = rates.day
    left join {{ ref('int_market__exchange_rates') }} as low_value_rates
        on keyed.low_value_currency_code = low_value_rates.currency_code
        and keyed.day = low_value_rates.day

)

select
    -- ids
    consignment_id,
    consignment_kind,
    day,
    known_importing_country_code as importing_country_code,
    record_status,
    record_status <> 'cancelled' and consignment_kind <> 'master_waybill' as is_active,
    version_number,
    house_waybill_number,
    master_waybill_number,
    declaration_number,
    line_number,

    -- route
    operator_code,
    coalesce(channel, 'unknown') as channel,
    declaration_type_code,
    transport_mode_code,
    departure_country_code,
    coalesce(customs_office_code, 'unknown') as customs_office_code,

    -- platform
    coalesce(known_platform_code, 'unstated') as platform_code,
    case
        when known_platform_code is null then 'unstated'
        else coalesce(registry_status, 'unregistered')
    end as platform_status,
    platform_order_id,
    seller_id_platform,

    -- parties
    declarant_id_token,
    seller_id_token,
    md5(consignor_party_basis) as consignor_party_id,
    consignor_country_code,
    case consignee_party_key
        when 'identifier' then md5('identifier|' || consignee_id_token)
        when 'phone' then md5('phone|' || consignee_phone_token || '|' || consignee_phone_check)
        when 'name_address'
            then md5('name_address|' || consignee_name_token || '|' || consignee_address_token)
    end as consignee_party_id,
    consignee_party_key,
    consignee_name_token,
    consignee_id_token,
    coalesce(consignee_id_status, 'missing') as consignee_id_status,
    consignee_phone_token,
    coalesce(consignee_phone_status, 'missing') as consignee_phone_status,
    consignee_address_token,
    coalesce(consignee_address_status, 'missing') as consignee_address_status,
    coalesce(known_province_code, 'unknown') as consignee_province_code,

    -- goods
    item_description,
    item_description_folded,
    hs_code,
    coalesce(declared_chapter, substr(classified_heading, 1, 2), 'unknown') as hs_chapter,
    case when declared_chapter is not null then substr(hs_code, 1, 4)
        else coalesce(classified_heading, 'unknown') end as hs_heading,
    case
        when declared_chapter is not null then 'declared'
        when classified_heading is not null then 'classified'
        else 'unknown' end as hs_basis,
    case when declared_chapter is null then name_probability_micro end as hs_probability_micro,
    -- '*' stands for every origin in the statistics of peers
    coalesce(nullif(origin_country_code, '*'), 'unknown') as origin_country_code,
    origin_indicator_code,
    quantity,
    quantity_unit_code,
    package_count,
    net_mass_kg,
    gross_weight_kg,
    mass_kg,
    case
        when net_mass_kg is not null then 'net'
        when quantity_mass_kg is not null then 'quantity'
        when gross_weight_kg is not null then 'gross'
        else 'unknown'
    end as mass_basis,

    -- value
    declared_value,
    currency_code,
    exchange_rate_vnd,
    value_vnd,
    try_cast(floor(cast(value_vnd as double) / cast(nullif(mass_kg, 0) as double)) as bigint)
        as unit_value_vnd_per_kg,
    declared_duty_rate_percent,
    tariff_schedule_code,
    has_low_value_declaration,
    low_value_declared_value_vnd,

    -- lineage
    source,
    sender,
    source_sha256,
    source_line,

    -- where it was held, and whether flows count it
    warehouse_code,
    record_status <> 'cancelled'
    and consignment_kind <> 'master_waybill'
    and not is_described_by_parcel as is_in_flows
from joined
