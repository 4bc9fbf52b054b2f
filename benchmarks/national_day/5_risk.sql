-- Subjects: live consignments under the home country's law.
create schema risk;
create temp view subjects as
select
    *,
    coalesce(house_waybill_number, declaration_number, consignment_id) as receipt_reference
from core.fct_consignments
where is_active and importing_country_code = rule_text('HOME_COUNTRY');

create temp table weights as
select
    weights.indicator_id, weights.risk_type, cast(weights.points as integer) as points,
    weights.weight_version, indicators.legal_instrument_id,
    instruments.number || ', ' || indicators.clause as legal_basis
from read_csv(getvariable('seeds') || '/rules/risk_indicator_weights.csv', all_varchar = true)
    as weights
inner join read_csv(getvariable('seeds') || '/rules/risk_indicators.csv', all_varchar = true)
    as indicators using (indicator_id)
inner join read_csv(getvariable('seeds') || '/rules/legal_instruments.csv', all_varchar = true)
    as instruments using (legal_instrument_id)
where cast(weights.valid_from as date) <= getvariable('day')
    and coalesce(cast(weights.valid_to as date) >= getvariable('day'), true)
    and cast(indicators.valid_from as date) <= getvariable('day')
    and coalesce(cast(indicators.valid_to as date) >= getvariable('day'), true);

-- Contacts of many names. A single day has no earlier days, so "regularly" cannot fire.
create temp table shared_contacts as
select 'address' as kind, consignee_address as contact, count(distinct consignee_name) as names
from subjects where consignee_address_status = 'complete'
group by contact having names >= rule('SHARED_CONTACT_CONSIGNEES')
union all
select 'phone', consignee_phone as contact, count(distinct consignee_name) as names
from subjects where consignee_phone_status = 'valid'
group by contact having names >= rule('SHARED_CONTACT_CONSIGNEES')
union all
select 'id', consignee_id as contact, count(distinct consignee_name) as names
from subjects where consignee_id_status in ('tax_code', 'personal_id')
group by contact having names >= rule('SHARED_CONTACT_CONSIGNEES');

-- Receipts of one consignee, each within the relief value and together above it.
create temp table splits as
with parties as (
    select consignee_party_id from subjects
    where consignee_party_key <> 'none' and value_vnd <= rule('AGGREGATE_SAME_OWNER')
    group by consignee_party_id having sum(value_vnd) > rule('AGGREGATE_SAME_OWNER')
),

kinds as (
    select
        consignee_party_id, receipt_reference, consignment_kind, sum(value_vnd) as value_vnd,
        min(master_waybill_number) as master, min(consignor_party_id) as consignor
    from subjects
    semi join parties using (consignee_party_id)
    where value_vnd is not null
    group by all
),

receipts as (
    select
        consignee_party_id, receipt_reference, max(value_vnd) as value_vnd,
        min(master) as master, min(consignor) as consignor
    from kinds
    group by all having max(value_vnd) <= rule('AGGREGATE_SAME_OWNER')
),

links as (
    select *, 'master_waybill' as link, master as link_key from receipts where master is not null
    union all
    select *, 'consignor', consignor from receipts where consignor is not null
    union all
    select *, 'same_day', 'none' from receipts where master is null and consignor is null
),

groups as (
    select consignee_party_id, link, link_key, count(*) as receipts, sum(value_vnd) as value_vnd
    from links
    group by all having sum(value_vnd) > rule('AGGREGATE_SAME_OWNER')
)

select
    consignee_party_id, receipt_reference,
    string_agg('link=' || link || '; receipts=' || groups.receipts || '; sum_vnd='
        || groups.value_vnd, '; ' order by link) as evidence
from links inner join groups using (consignee_party_id, link, link_key)
group by all;

create temp table watched as
select
    item_description_folded, risk_type, min(legal_instrument_id) as legal_instrument_id,
    string_agg('term=' || term_folded, '; ' order by term_folded) as evidence
from words
inner join (
    select *, split_part(term_folded, ' ', 1) as word
    from read_csv(getvariable('seeds') || '/rules/watch_terms.csv', all_varchar = true)
    where cast(valid_from as date) <= getvariable('day')
        and coalesce(cast(valid_to as date) >= getvariable('day'), true)
) as terms using (word)
where contains(padded, ' ' || term_folded || ' ')
group by all;

create table risk.fct_risk_indicators as
with fired as (
    select consignment_id, day, 'consignee_address_incomplete' as indicator_id,
        'address_status=' || consignee_address_status as evidence
    from subjects where consignee_address_status in ('incomplete', 'missing')
    union all by name
    select consignment_id, day, 'consignee_id_missing' as indicator_id,
        'id_status=' || consignee_id_status as evidence
    from subjects where consignee_id_status = 'missing'
    union all by name
    select consignment_id, day, 'shared_contact' as indicator_id,
        concat_ws('; ',
            'address_consignees=' || address.names || '; address_earlier_days=0',
            'phone_consignees=' || phone.names || '; phone_earlier_days=0',
            'id_consignees=' || id.names || '; id_earlier_days=0') as evidence
    from subjects
    left join (from shared_contacts where kind = 'address') as address
        on consignee_address = address.contact
    left join (from shared_contacts where kind = 'phone') as phone
        on consignee_phone = phone.contact
    left join (from shared_contacts where kind = 'id') as id on consignee_id = id.contact
    where coalesce(address.names, phone.names, id.names) is not null
    union all by name
    select consignment_id, day, 'multiple_receipts_per_day' as indicator_id,
        'receipts=' || receipts || '; limit=' || rule('RECEIPTS_PER_DAY_FLAG')::bigint as evidence
    from subjects
    inner join (
        select consignee_party_id, count(distinct receipt_reference) as receipts
        from subjects where consignee_party_key <> 'none'
        group by all having receipts > rule('RECEIPTS_PER_DAY_FLAG')
    ) as busy using (consignee_party_id)
    union all by name
    select consignment_id, day, 'split_under_relief' as indicator_id,
        splits.evidence || '; limit_vnd=' || rule('AGGREGATE_SAME_OWNER')::decimal(18, 2)
            as evidence
    from subjects inner join splits using (consignee_party_id, receipt_reference)
    where value_vnd is not null
    union all by name
    select consignment_id, day, 'platform_not_registered' as indicator_id,
        'platform=' || platform_code || '; status=' || platform_status as evidence
    from subjects
    inner join rules on rules.parameter_id = 'PLATFORM_FLAG_' || upper(platform_status)
    where rules.value = 1
    union all by name
    select consignment_id, day, 'prohibited_goods_term' as indicator_id, evidence, risk_type,
        legal_instrument_id
    from subjects inner join watched using (item_description_folded)
)

select
    consignment_id, day, fired.indicator_id, weights.risk_type, points, evidence,
    coalesce(fired.legal_instrument_id, weights.legal_instrument_id) as legal_instrument_id,
    coalesce(instruments.number, weights.legal_basis) as legal_basis, weight_version
from fired
inner join weights
    on fired.indicator_id = weights.indicator_id
    and coalesce(fired.risk_type, weights.risk_type) = weights.risk_type
left join read_csv(getvariable('seeds') || '/rules/legal_instruments.csv', all_varchar = true)
    as instruments on fired.legal_instrument_id = instruments.legal_instrument_id;

create table risk.fct_risk_scores as
select
    consignment_id, day, risk_type, cast(sum(points) as bigint) as score_points,
    count(*) as indicator_count, max(weight_version) as weight_version
from risk.fct_risk_indicators
group by consignment_id, day, risk_type;
