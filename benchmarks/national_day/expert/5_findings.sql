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
