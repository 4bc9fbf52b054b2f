-- Small tables that every consignment is looked up in.

-- Each different description once: its key, and the headings that its words speak for. The table of
-- words, its constants and the way from a text to its terms come with the script (baseline.py).
create temp table descriptions as
select
    item_description, cleaned(item_description) as item_description_cleaned,
    fold(item_description, plain(item_description)) as item_description_folded
from (
    select item_description from parcels
    union select item_description from lone_low_value
    union select item_description from lines
)
where item_description is not null;
create temp table names as
select row_number() over () as id, item_description_folded
from (select distinct item_description_folded from descriptions)
where item_description_folded is not null;
-- The ten best headings of a name as numbers that order them: score, then the lower code.
create temp table classified as
with terms as (
    select id, unnest(string_split(item_terms(item_description_folded), ' ')) as term from names
),

bases as (select hs4, points from item_points where term = ''),

best as (
    select id, max(score * 10000 - hs4::bigint, 10) as keys
    from (
        select id, hs4, sum(item_points.points)::bigint + coalesce(any_value(bases.points), 0) as score
        from terms inner join item_points using (term) left join bases using (hs4)
        where term <> ''
        group by id, hs4 having sum(item_points.points) > 0
    )
    group by id
),

scored as (
    select id, list_transform(keys, lambda k: ceil(k / 1e4)::bigint) as scores,
        list_transform(keys, lambda k: ceil(k / 1e4)::bigint * 10000 - k) as codes,
        list_transform(scores, lambda s: item_weight(s - scores[1])) as weights,
        list_sum(weights)::bigint + item_weight(least(
            item_none() - scores[1], 13 * item_temperature())) as total,
        list_transform(weights[:3], lambda w: floor((w * 1000000)::double / total)::bigint)
            as shares
    from best
)

select
    item_description_folded, coalesce(shares[1], 0) as probability_micro,
    lpad(codes[1]::varchar, 4, '0') as first_heading,
    case when shares[1] >= item_bound() then first_heading end as hs_heading,
    list_transform(list_filter(codes[:3], lambda c, i: shares[i] >= rule_number('NAMED_CHAPTER_MIN_MICRO')),
        lambda c: lpad(c::varchar, 4, '0')[:2]) as chapters
from names left join scored using (id);

-- Exchange rates of the day: the newest not older than the law's patience.
create temp table exchange_rates as
select
    dimension_code as currency_code,
    cast(arg_max(value, (period_start, vintage_date)) as decimal(18, 6)) as rate
from read_csv(
    getvariable('deliveries') || '/market_reference.csv',
    header = true, auto_detect = false, columns = {
        series_id: 'varchar', dimension_code: 'varchar', period_kind: 'varchar',
        period_start: 'date', value: 'decimal(28,6)', unit_code: 'varchar',
        vintage_date: 'date', publisher: 'varchar', evidence_grade: 'varchar',
        source_reference: 'varchar'
    })
where series_id = 'exchange_rate' and dimension_code <> rule('HOME_CURRENCY')
    and getvariable('day') - period_start
    between 0 and cast(rule('EXCHANGE_RATE_MAX_AGE') as decimal(18, 6))
group by dimension_code
union all
select rule('HOME_CURRENCY'), 1;

-- Status of every platform on the day: the last decision, else the last observation; under the
-- names that a manifest may use.
create temp table platforms as
with aliases as (select alias, platform_code from seed('reference/platform_aliases.csv')),

events as (
    select
        coalesce(aliases.platform_code, lower(trim(registry.platform_code))) as platform_code,
        effects.platform_status, cast(effects.is_binding as boolean) as is_binding,
        (cast(registry.event_date as date), cast(effects.effect_rank as integer)) as moment
    from read_csv(getvariable('deliveries') || '/platform_registry.csv', all_varchar = true)
        as registry
    inner join seed('rules/platform_event_effects.csv') as effects using (event_type)
    left join aliases on lower(trim(registry.platform_code)) = aliases.alias
    where cast(registry.event_date as date) <= getvariable('day')
),

decisions as (
    select platform_code, arg_max(platform_status, moment) as decided, max(moment) as decided_at
    from events where is_binding group by platform_code
),

statuses as (
    select platform_code, arg_max(platform_status, moment) as platform_status,
        max(moment)[1] as since
    from events
    left join decisions using (platform_code)
    where is_binding or decided is null
        or (decided = 'deregistered' and platform_status = 'applying' and moment > decided_at)
    group by platform_code
)

select alias as stated_code, platform_code, since,
    coalesce(platform_status, 'unregistered') as platform_status
from (
    select alias, platform_code from aliases
    union all
    select platform_code, platform_code from statuses
    where platform_code not in (select alias from aliases)
)
left join statuses using (platform_code);

create temp table provinces as select province_code from seed('reference/provinces.csv');

-- What follows from the goods alone, once for each different pair of code and description: chapter
-- and heading, duty (no tariff lines are delivered: chapter averages) and VAT.
create temp table goods as
with duty_rates as (
    select hs_chapter, cast(mfn_rate_percent as decimal(9, 3)) as rate
    from seed('reference/tariff_chapter_rates.csv')
),

exclusions as (
    select hs_prefix from seed('rules/vat_reduction_exclusions.csv')
    where in_force(valid_from, valid_to)
),

headed as (
    select
        stated.hs_code, stated.item_description, item_description_cleaned,
        item_description_folded,
        coalesce(chapters.hs_chapter, left(classified.hs_heading, 2), 'unknown') as hs_chapter,
        case when chapters.hs_chapter is not null then left(stated.hs_code, 4)
            else coalesce(classified.hs_heading, 'unknown') end as hs_heading,
        case when chapters.hs_chapter is not null then 'declared'
            when classified.hs_heading is not null then 'classified' else 'unknown' end as hs_basis,
        case when chapters.hs_chapter is null then probability_micro end as hs_probability_micro
    from (
        select hs_code, item_description from parcels
        union select hs_code, item_description from lone_low_value
        union select hs_code, item_description from lines
    ) as stated
    left join descriptions using (item_description)
    left join classified using (item_description_folded)
    left join seed('reference/hs_chapters.csv') as chapters
        on regexp_full_match(stated.hs_code, '[0-9]{4,}')
        and left(stated.hs_code, 2) = chapters.hs_chapter
),

rated as (
    select
        headed.*,
        coalesce(rate, (select rate from duty_rates where hs_chapter = 'all'))
            as chapter_rate_percent,
        rule('VAT_REDUCED') is not null and headed.hs_chapter not in (from exclusions)
        and hs_heading not in (from exclusions) as has_reduced_vat
    from headed left join duty_rates on headed.hs_chapter = duty_rates.hs_chapter
)

select
    coalesce(hs_code, '') as code_key, coalesce(item_description, '') as description_key,
    item_description_cleaned as item_description, item_description_folded, hs_chapter, hs_heading,
    hs_basis, hs_probability_micro, chapter_rate_percent,
    case when has_reduced_vat then 'VAT_REDUCED' else 'VAT_STANDARD' end as vat_rate_rule_id,
    cast(case when has_reduced_vat then rule('VAT_REDUCED') else rule('VAT_STANDARD') end
        as decimal(9, 3)) as vat_rate_percent
from rated;
