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
        subject, master_waybill_number, consignor_party_id, consignee_party_id, hs_heading,
        mass_kg, consignment_kind = 'declaration_line' as is_lot
    from subjects
    where master_waybill_number is not null and consignor_party_id is not null
        and (consignment_kind <> 'declaration_line' or consignee_id_status = 'tax_code')
        and (master_waybill_number, consignor_party_id) in (
            select (master_waybill_number, consignor_party_id) from subjects
            where consignment_kind = 'declaration_line' and consignee_id_status = 'tax_code')
        and hs_heading <> 'unknown'
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
    subject, 'consignees=' || consignees || '; fewest=' || rule_number('BOX_FANOUT_CONSIGNEES')
        || '; parcels=' || parcels || '; parcels_mass_g=' || parcels_mass_g
        || '; lot_mass_g=' || lot_mass_g as evidence
from goods inner join added using (master_waybill_number, consignor_party_id, hs_heading)
where consignees >= rule_number('BOX_FANOUT_CONSIGNEES')
    and parcels_mass_g * 100 between lot_mass_g * rule_number('BOX_FANOUT_MASS_LEAST')
        and lot_mass_g * rule_number('BOX_FANOUT_MASS_MOST');
