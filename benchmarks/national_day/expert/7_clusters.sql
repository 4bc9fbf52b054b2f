-- Small receipts that together pass the relief. A single day is every window's last day.
create temp table receipts as
with kinds as (
    select
        receipt_reference, consignment_kind, consignee_party_id,
        min(consignment_id) as consignment_id, min(consignor_party_id) as consignor_party_id,
        min(consignee_address_key) filter (where consignee_address_status = 'complete') as address,
        min(master_waybill_number) as master_waybill_number, min(operator_code) as operator_code,
        sum(value_vnd) as value_vnd
    from subjects
    where consignee_party_id is not null and value_vnd <= rule_vnd('AGGREGATE_SAME_OWNER')
        and (consignment_kind = 'declaration_line' or value_vnd >= rule_vnd('SPLIT_STATE_VALUE'))
    group by all
)

select
    receipt_reference, consignee_party_id, max(consignment_id) as consignment_id,
    min(consignor_party_id) as consignor_party_id, min(address) as address,
    min(master_waybill_number) as master_waybill_number, min(operator_code) as operator_code,
    max(value_vnd) as value_vnd, any_value(coalesce(owner_id, consignee_party_id)) as owner_id
from kinds left join owners using (consignee_party_id)
group by receipt_reference, consignee_party_id
having max(value_vnd) between rule_vnd('SPLIT_STATE_VALUE') and rule_vnd('AGGREGATE_SAME_OWNER');

create macro clusters(kind, one, other) as table
with windows as (
    select
        cast(window_days as bigint) as window_days, cast(min_receipts as bigint) as least,
        legal_instrument_id, evidence_grade
    from seed('rules/splitting_windows.csv')
    where cluster_kind = kind and in_force(valid_from, valid_to)
),

heavy as (
    select one as first_key, other as second_key, count(*) as receipts
    from receipts where one is not null and other is not null
    group by all having sum(value_vnd) > rule_vnd('AGGREGATE_SAME_OWNER')
)

select
    kind as cluster_kind, md5(concat_ws('|', kind, window_days, first_key, second_key)) as cluster_id,
    windows.*, first_key, second_key, receipts.* exclude (owner_id)
from receipts
inner join heavy on one = first_key and other = second_key
inner join windows on heavy.receipts >= least;
create temp table members as
from clusters('consignee_master', owner_id, master_waybill_number)
union all from clusters('consignee_sender', owner_id, consignor_party_id)
union all from clusters('address_sender', address, consignor_party_id);
copy (
    select
        cluster_id, getvariable('day') as day, receipt_reference, consignment_id,
        consignee_party_id, consignor_party_id, address as consignee_address_key,
        master_waybill_number, operator_code, value_vnd
    from members
)
to (getvariable('marts') || '/risk.fct_splitting_cluster_members.parquet')
(format parquet, compression zstd);
copy (
    select *, row_number() over (
        partition by cluster_kind, window_days order by value_vnd desc, receipts desc, cluster_id
    ) as rank_in_window
    from (
        select
            cluster_id, cluster_kind, window_days, getvariable('day') as last_day,
            count(*) as receipts, count(distinct consignee_party_id) as distinct_consignees,
            count(distinct master_waybill_number) as distinct_master_waybills,
            count(distinct operator_code) as distinct_operators, sum(value_vnd) as value_vnd,
            max(value_vnd) as largest_receipt_vnd, legal_instrument_id, evidence_grade
        from members group by all
    )
)
to (getvariable('marts') || '/risk.fct_splitting_clusters.parquet')
(format parquet, compression zstd);

-- Values just within and just above each limit.
create temp table near as
with limits as (
    select
        unnest(['DUTY_RELIEF_VALUE', 'DUTY_RELIEF_OTHER_VALUE', 'VAT_RELIEF_EXPRESS']) as limit_id,
        rule_vnd(limit_id) as limit_vnd, percent(limit_vnd, rule('LIMIT_BAND_PERCENT')::decimal(9, 3))
            as band_vnd
)

select
    limit_id, limit_vnd, band_vnd, consignor_party_id, operator_code,
    (value_vnd <= limit_vnd)::int as is_within
from subjects
inner join limits
    on value_vnd > limit_vnd - band_vnd and value_vnd <= limit_vnd + band_vnd
where consignment_kind <> 'declaration_line';
create macro density(kind, entity) as table
select
    limit_id, limit_vnd, kind as entity_kind, cast(entity as varchar) as entity_key,
    getvariable('day') as last_day, band_vnd, sum(is_within)::bigint as consignments_within,
    count(*) - sum(is_within)::bigint as consignments_above,
    row_number() over (
        partition by limit_id order by 2 * sum(is_within) - count(*) desc, entity) as rank_in_kind
from near where entity is not null
group by limit_id, limit_vnd, band_vnd, entity
having count(*) >= rule_number('LIMIT_DENSITY_CONSIGNMENTS');
copy (
    from density('seller', consignor_party_id)
    union all from density('operator', operator_code)
    union all from density('all', '*')
)
to (getvariable('marts') || '/risk.fct_limit_density.parquet') (format parquet, compression zstd);

-- Who is busy today; nothing is known of the days before.
create macro busy_entities(kind, entity) as table
select kind as entity_kind, entity as entity_key, count(*) as consignments,
    coalesce(sum(value_vnd), 0) as value_vnd
from subjects where entity is not null and consignment_kind <> 'declaration_line'
group by entity having count(*) >= rule_number('VELOCITY_STATE_CONSIGNMENTS');
copy (
    select
        cast(window_days as bigint) as window_days, entities.*, getvariable('day') as last_day,
        row_number() over (
            partition by window_days, entity_kind order by consignments desc, entity_key
        ) as rank_in_window
    from (
        from busy_entities('consignee', consignee_party_id)
        union all from busy_entities('seller', consignor_party_id)
    ) as entities
    inner join seed('rules/velocity_windows.csv') as windows
        on consignments >= min_consignments::bigint and in_force(valid_from, valid_to)
    qualify rank_in_window <= max_entities::bigint
)
to (getvariable('marts') || '/risk.fct_entity_velocity.parquet') (format parquet, compression zstd);
