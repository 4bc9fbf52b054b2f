-- Subjects: live consignments under the home country's law. They are named by their row number.
create temp view subjects as
select
    rowid as subject, *,
    coalesce(house_waybill_number, declaration_number, consignment_id) as receipt_reference
from consignments
where is_subject;

-- Preferences of an agreement that the stated origin, or the place of departure, is no party to.
create temp table parties as
select tariff_schedule_code, agreement, origin_country_code as party
from seed('rules/tariff_schedules.csv') where in_force(valid_from, valid_to);
create temp table claims as
select
    subject, agreement, tariff_schedule_code, origin_country_code, departure_country_code,
    declared_duty_rate_percent,
    (tariff_schedule_code, origin_country_code) in (
        select (tariff_schedule_code, party) from parties) as is_own,
    (tariff_schedule_code, departure_country_code) in (
        select (tariff_schedule_code, party) from parties) as is_direct
from subjects
inner join (select distinct tariff_schedule_code, agreement from parties)
    using (tariff_schedule_code)
where origin_country_code <> 'unknown';

-- Lots of firms and the parcels under their master bill and sender: the parcels are few.
create temp table boxes as
with goods as (
    select
        subject, master_waybill_number, consignor_party_id, consignee_party_id,
        case when subjects.hs_heading <> 'unknown' then subjects.hs_heading
            when names.probability_micro >= rule_number('NAMED_HEADING_MIN_MICRO')
                then first_heading end as hs_heading,
        mass_kg, consignment_kind = 'declaration_line' as is_lot
    from subjects left join classified as names using (item_description_folded)
    where master_waybill_number is not null and consignor_party_id is not null
        and (consignment_kind <> 'declaration_line' or consignee_id_status = 'tax_code')
        and (master_waybill_number, consignor_party_id) in (
            select (master_waybill_number, consignor_party_id) from subjects
            where consignment_kind = 'declaration_line' and consignee_id_status = 'tax_code')
),

added as (
    select
        master_waybill_number, consignor_party_id, hs_heading,
        count(distinct consignee_party_id) filter (where not is_lot) as consignees,
        count(*) filter (where not is_lot) as parcels,
        cast(floor(cast(sum(mass_kg) filter (where not is_lot) as double) * 1e3 + 0.5) as bigint)
            as parcels_mass_g,
        cast(floor(cast(sum(mass_kg) filter (where is_lot) as double) * 1e3 + 0.5) as bigint)
            as lot_mass_g
    from goods group by all
)

select
    subject, json_object(
        'consignees', consignees, 'fewest_consignees', rule_number('BOX_FANOUT_CONSIGNEES'),
        'parcels', parcels, 'parcels_mass_g', parcels_mass_g, 'lot_mass_g', lot_mass_g) as evidence
-- A heading that is null equals none.
from goods inner join added using (master_waybill_number, consignor_party_id, hs_heading)
where consignees >= rule_number('BOX_FANOUT_CONSIGNEES')
    and parcels_mass_g * 100 between lot_mass_g * rule_number('BOX_FANOUT_MASS_LEAST')
        and lot_mass_g * rule_number('BOX_FANOUT_MASS_MOST');

-- What parcels that state their platform look like. A single day has no earlier days.
create macro number_sign(number) as lower(substr(number, 1, 3)) || '#' || length(number);
create macro likeness(kind, sign) as table
with counts as (
    select sign as sign_value, platform_code, count(*) as parcels
    from subjects where consignment_kind = 'parcel' and sign is not null
    group by all
),

totals as (
    select
        sign_value, sum(parcels) as all_parcels,
        sum(parcels) filter (where platform_code <> 'unstated') as stated
    from counts group by all having stated >= rule_number('PLATFORM_SIGN_STATE_PARCELS')
)

select sign_value, platform_code, parcels, cast(floor(parcels / stated * 1e6 + 0.5) as bigint) as share_micro
from counts inner join totals using (sign_value)
where platform_code <> 'unstated' and parcels >= rule_number('PLATFORM_LIKENESS_PARCELS')
    and parcels * 100 >= stated * rule_number('PLATFORM_LIKENESS_PERCENT')
    and (kind <> 'consignor' or stated * 100 >= all_parcels * rule_number('PLATFORM_LIKENESS_STATED'));
create temp table senders as from likeness('consignor', consignor_party_id);
create temp table order_numbers as from likeness('order', number_sign(platform_order_id));
create temp table seller_numbers as from likeness('seller', number_sign(seller_id_platform));
create temp table hidden as
with agreed as (
    select
        subject, coalesce(c.platform_code, o.platform_code, s.platform_code) as likely_platform,
        (c.platform_code is not null)::int + (o.platform_code is not null)::int
            + (s.platform_code is not null)::int as signs,
        c.platform_code is not null as is_sender,
        coalesce(',"consignor_parcels":' || c.parcels || ',"consignor_share_micro":' || c.share_micro, '')
        || coalesce(',"order_parcels":' || o.parcels || ',"order_share_micro":' || o.share_micro, '')
        || coalesce(',"seller_parcels":' || s.parcels || ',"seller_share_micro":' || s.share_micro, '')
            as each
    from subjects
    left join senders as c on consignor_party_id = c.sign_value
    left join order_numbers as o on number_sign(platform_order_id) = o.sign_value
    left join seller_numbers as s on number_sign(seller_id_platform) = s.sign_value
    where subjects.platform_code = 'unstated' and consignment_kind = 'parcel'
        and coalesce(c.platform_code, likely_platform) = likely_platform
        and coalesce(o.platform_code, likely_platform) = likely_platform
        and coalesce(s.platform_code, likely_platform) = likely_platform
),

statuses as (
    select distinct platform_code as likely_platform, platform_status from subjects
)

select subject, platform_status, signs, '{"likely_platform":"' || likely_platform || '","status":"'
    || platform_status || '","signs":' || signs || each || '}' as evidence
from agreed inner join statuses using (likely_platform)
where is_sender or signs >= 2;

-- What still arrives of platforms suspended lately.
create temp table residual as
with flows as (select platform_code, count(*) as rows from subjects group by platform_code)

select
    platform_code, json_object(
        'platform', platform_code, 'days_since_suspension', date_diff('day', since, getvariable('day')),
        'consignments', rows, 'share_micro',
        cast(floor(rows / (select sum(rows) from flows) * 1e6 + 0.5) as bigint)) as evidence
from flows
inner join (
    select distinct platform_code, since from platforms where platform_status = 'suspended'
) as suspended using (platform_code)
where date_diff('day', since, getvariable('day')) <= rule_number('RESIDUAL_FLOW_DAYS')
    and rows * 100 <= (select sum(rows) from flows) * rule_number('RESIDUAL_FLOW_SHARE');

-- Names that say nothing: all their words are listed, so they begin with a listed one.
create macro bare(v) as regexp_replace(v, '[-.,;:/()!?*#_+&%]+', ' ', 'g');
create macro name_key(v) as array_to_string(list_sort(list_distinct(list_filter(
    string_split(bare(v), ' '), lambda w: regexp_matches(w, '[^0-9]')
        and not list_contains(getvariable('fillers'), w)))), ' ');
set variable fillers = (
    select list(term_folded) from seed('rules/vague_terms.csv')
    where term_role = 'filler' and in_force(valid_from, valid_to));
create temp table vague as
with terms as (
    select * from seed('rules/vague_terms.csv') where in_force(valid_from, valid_to)
),

known as (
    select name_key(term_folded) as name_key, min(term_folded) as term
    from terms where term_role = 'vague' group by all
),

openings as (
    select distinct unnest(string_split(term_folded, ' ')) as word from terms
),

names as (
    select distinct item_description_folded from subjects
    where trim(bare(split_part(item_description_folded, ' ', 1)), '0123456789 ') = ''
        or trim(bare(split_part(item_description_folded, ' ', 1))) in (from openings)
)

select item_description_folded, json_object('term', term) as evidence
from names inner join known on name_key(item_description_folded) = known.name_key;

-- Names of another chapter than the declared one.
create temp table misnamed as
select
    subject, json_object(
        'declared_chapter', hs_chapter, 'named_chapter', first_heading[:2],
        'named_heading', first_heading, 'named_micro', names.probability_micro) as evidence
from subjects inner join classified as names using (item_description_folded)
where hs_basis = 'declared'
    and names.probability_micro >= rule_number('NAMED_HEADING_MIN_MICRO')
    and not list_contains(chapters, hs_chapter)
    and not list_has_any(chapters, coalesce((
        select list(other_chapter) from seed('rules/hs_chapter_pairs.csv') as pairs
        where pairs.hs_chapter = subjects.hs_chapter and in_force(valid_from, valid_to)), []));
