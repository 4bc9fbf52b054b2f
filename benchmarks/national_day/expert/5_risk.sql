-- What fired, its points and the scores.
create temp table weights as
select
    weights.indicator_id, weights.risk_type, cast(weights.points as integer) as points,
    weights.weight_version, indicators.legal_instrument_id,
    instruments.number || ', ' || indicators.clause as legal_basis
from seed('rules/risk_indicator_weights.csv') as weights
inner join seed('rules/risk_indicators.csv') as indicators using (indicator_id)
inner join seed('rules/legal_instruments.csv') as instruments using (legal_instrument_id)
where in_force(weights.valid_from, weights.valid_to)
    and in_force(indicators.valid_from, indicators.valid_to);

-- Contacts of many names: the rows of a contact bound its names, so few are counted exactly. A
-- single day has no earlier days, so "regularly" cannot fire.
create macro shared(contact, is_usable) as table
with usable as (
    select contact as contact_key, consignee_name_key from subjects where is_usable
),

frequent as (
    select contact_key from usable group by contact_key
    having count(*) >= rule_number('SHARED_CONTACT_CONSIGNEES')
)

select contact_key, count(distinct consignee_name_key) as names
from usable semi join frequent using (contact_key)
group by contact_key having names >= rule_number('SHARED_CONTACT_CONSIGNEES');
create temp table shared_addresses as
from shared(consignee_address_key, consignee_address_status = 'complete');
create temp table shared_phones as
from shared(consignee_phone_key, consignee_phone_status = 'valid');
create temp table shared_ids as
from shared(consignee_id_key, consignee_id_status in ('tax_code', 'personal_id'));

-- Parties with many receipts, bounded by their rows in the same way.
create temp table busy as
with frequent as (
    select consignee_party_id from subjects where consignee_party_key <> 'none'
    group by all having count(*) > rule_number('RECEIPTS_PER_DAY_FLAG')
)

select consignee_party_id, count(distinct receipt_reference) as receipts
from subjects semi join frequent using (consignee_party_id)
group by all having receipts > rule_number('RECEIPTS_PER_DAY_FLAG');

create temp table flagged as
select lower(substr(parameter, 15)) as platform_status
from (select unnest(map_keys(getvariable('rules'))) as parameter)
where parameter like 'PLATFORM\_FLAG\_%' escape '\' and rule_number(parameter) = 1;

create temp table indicators as
with fired as (
    select subject, 'consignee_address_incomplete' as indicator_id,
        json_object('address_status', consignee_address_status) as evidence
    from subjects where consignee_address_status in ('incomplete', 'missing')
    union all by name
    select subject, 'consignee_id_missing' as indicator_id,
        json_object('id_status', consignee_id_status) as evidence
    from subjects where consignee_id_status in ('missing', 'placeholder')
    union all by name
    select subject, 'value_not_stated' as indicator_id,
        json_object('value_status',
            if(coalesce(value_vnd, declared_value) is null, 'missing', 'zero')) as evidence
    from subjects
    where coalesce(nullif(value_vnd, 0), nullif(declared_value, 0)) is null
        and coalesce(low_value_declared_value_vnd, 0) = 0
    union all by name
    select subject, 'shared_contact' as indicator_id,
        '{' || concat_ws(',',
            '"address_consignees":' || address.names || ',"address_earlier_days":0',
            '"phone_consignees":' || phone.names || ',"phone_earlier_days":0',
            '"id_consignees":' || id.names || ',"id_earlier_days":0') || '}' as evidence
    from subjects
    left join shared_addresses as address on consignee_address_key = address.contact_key
    left join shared_phones as phone on consignee_phone_key = phone.contact_key
    left join shared_ids as id on consignee_id_key = id.contact_key
    where coalesce(address.names, phone.names, id.names) is not null
    union all by name
    select subject, 'multiple_receipts_per_day' as indicator_id,
        json_object(
            'receipts', receipts, 'receipts_limit', rule_number('RECEIPTS_PER_DAY_FLAG')) as evidence
    from subjects inner join busy using (consignee_party_id)
    union all by name
    select subject, 'split_under_relief' as indicator_id, evidence from splits
    union all by name
    select subject, 'platform_not_registered' as indicator_id,
        json_object('platform', platform_code, 'status', platform_status) as evidence
    from subjects where platform_status in (from flagged)
    union all by name
    select subject, 'platform_hidden' as indicator_id, evidence, 1000 * signs as strength_milli
    from hidden where platform_status in (from flagged)
    union all by name
    select subject, 'prohibited_goods_term' as indicator_id, evidence, risk_type,
        legal_instrument_id
    from subjects inner join watched using (item_description, item_description_folded)
    union all by name
    select subject, 'residual_suspended_flow' as indicator_id, evidence
    from subjects inner join residual using (platform_code)
    union all by name
    select subject, 'vague_description' as indicator_id, evidence
    from subjects inner join vague using (item_description_folded)
    union all by name
    select subject, 'name_disagrees_with_hs' as indicator_id, evidence from misnamed
    union all by name
    select subject, 'box_fan_out' as indicator_id, evidence from boxes
    union all by name
    select subject, 'wrong_tariff_preference' as indicator_id,
        '{' || concat_ws(',', '"schedule":"' || tariff_schedule_code || '"',
            '"agreement":"' || agreement || '"', '"origin":"' || origin_country_code || '"',
            '"rate_percent":' || declared_duty_rate_percent) || '}' as evidence
    from claims where not is_own
    union all by name
    select subject, 'preference_indirect_route' as indicator_id,
        json_object('schedule', tariff_schedule_code, 'agreement', agreement,
            'origin', origin_country_code, 'departure', departure_country_code) as evidence
    from claims where is_own and departure_country_code is not null and not is_direct
)

select
    fired.subject, consignment_id, subjects.day, customs_office_code, fired.indicator_id,
    weights.risk_type, points, evidence,
    coalesce(fired.legal_instrument_id, weights.legal_instrument_id) as legal_instrument_id,
    coalesce(instruments.number, weights.legal_basis) as legal_basis,
    weight_version, coalesce(fired.strength_milli, 1000)::bigint as strength_milli
from fired
inner join weights
    on fired.indicator_id = weights.indicator_id
    and coalesce(fired.risk_type, weights.risk_type) = weights.risk_type
inner join subjects on fired.subject = subjects.subject
left join seed('rules/legal_instruments.csv') as instruments
    on fired.legal_instrument_id = instruments.legal_instrument_id;
copy (select * exclude (subject, customs_office_code) from indicators)
to (getvariable('marts') || '/risk.fct_risk_indicators.parquet') (format parquet, compression zstd);

create temp table scores as
select
    any_value(consignment_id) as consignment_id, any_value(day) as day, risk_type,
    cast(sum(points) as bigint) as score_points, 0 as intercept_points, 0 as feature_points,
    score_points as indicator_points, count(*) as indicator_count,
    max(weight_version) as weight_version, null::varchar as model_version,
    null::bigint as probability_micro, null::bigint as expected_finding_value_vnd,
    any_value(customs_office_code) as customs_office_code
from indicators group by subject, risk_type;
copy (select * exclude (customs_office_code) from scores)
to (getvariable('marts') || '/risk.fct_risk_scores.parquet') (format parquet, compression zstd);
create temp table units as
select
    indicators.consignment_id, indicators.risk_type,
    min(indicators.consignment_id) over owners as unit_id,
    max(score_points) over owners as unit_points, count(*) over owners as unit_consignments,
    row_number() over (owners order by score_points desc, md5(indicators.consignment_id)) as unit_place
from splits
inner join indicators on splits.subject = indicators.subject
inner join scores using (consignment_id, risk_type)
where indicator_id = 'split_under_relief'
window owners as (partition by owner_id, risk_type);
