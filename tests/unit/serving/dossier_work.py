"""What the small working database of the serving tests lacks for dossiers, and its plan.

Party c1 received four parcels and sent none; P-D is described by a declaration too, and P-X was
cancelled. Sender s1 sent P-1 and, forty days earlier, P-OLD.
Add here a mart that a dossier reads. Keep out: expectations about results.
"""

from dataclasses import replace

from serving.plan import TablePlan
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, PLAN

C1, C2, S1 = "c1" * 16, "c2" * 16, "51" * 16
_COLUMNS = {
    "customs_office_code": "varchar default '02XX'",
    "importing_country_code": "varchar default 'VN'",
    "is_active": "boolean default true",
    "is_in_flows": "boolean default true",
    "record_status": "varchar default 'original'",
    "platform_status": "varchar default 'registered'",
    "origin_country_code": "varchar default 'CN'",
    "consignor_party_id": "varchar",
    "consignee_address_token": "varchar",
    "consignee_phone_token": "varchar",
}
STATEMENTS = (
    *(
        f"alter table core.fct_consignments add column {name} {kind}"
        for name, kind in _COLUMNS.items()
    ),
    f"""
    update core.fct_consignments set consignor_party_id = '{S1}'
    where consignment_id in ('P-1', 'P-OLD');
    update core.fct_consignments set consignee_party_id = '{C1}',
        consignee_address_token = 'k1:address', consignee_phone_token = 'k1:phone'
    where consignment_id in ('P-1', 'P-OLD');
    update core.fct_consignments set consignee_party_id = '{C2}',
        consignee_address_token = 'k1:address', consignee_phone_token = 'k1:other'
    where consignment_id = 'P-2';
    insert into core.fct_consignments (
        consignment_id, consignment_kind, day, platform_code, consignee_party_id, value_vnd,
        is_in_flows, record_status
    ) values
        ('P-D', 'parcel', '{DAY}', 'san-a', '{C1}', 5.25, true, 'amended'),
        ('D-D-1', 'declaration_line', '{DAY}', 'san-a', '{C1}', 5.25, false, 'original'),
        ('P-X', 'parcel', '{NEXT_DAY}', 'san-a', '{C1}', 7, false, 'cancelled');
    alter table risk.fct_selections add column risk_type varchar default 'undervaluation';
    create schema compliance;
    create table core.fct_inspection_outcomes (
        inspection_id varchar, finding_type varchar, consignment_id varchar, result varchar,
        inspector_id_token varchar
    );
    insert into core.fct_inspection_outcomes values
        ('I-1', 'undervaluation', 'P-1', 'finding', 'k1:inspector'),
        ('I-1', 'splitting', 'P-1', 'finding', 'k1:inspector'),
        ('I-2', 'none', 'P-OLD', 'no_finding', 'k1:inspector'),
        ('I-3', 'none', 'P-D', 'no_finding', 'k1:inspector'),
        ('I-4', 'none', 'D-D-1', 'pending', 'k1:inspector');
    create table risk.fct_risk_reasons (
        consignment_id varchar, day date, reason_rank bigint, risk_type varchar,
        reason_id varchar, points bigint, sentence_vi varchar, sentence_en varchar
    );
    insert into risk.fct_risk_reasons values
        ('P-1', '{DAY}', 2, 'splitting', 'b', 4, 'chia nhỏ', 'split'),
        ('P-1', '{DAY}', 1, 'undervaluation', 'a', 5, 'khai thấp', 'too low');
    create table compliance.fct_suspected_gathering_points (
        day date, point_kind varchar, point_key varchar, rank_in_day bigint, consignments bigint
    );
    insert into compliance.fct_suspected_gathering_points values
        ('{DAY}', 'address', 'k1:address', 3, 41), ('{NEXT_DAY}', 'address', 'k1:address', 1, 50),
        ('{NEXT_DAY}', 'phone', 'k1:phone', 1, 50), ('{DAY}', 'phone', 'k1:phone', null, 41),
        ('{DAY}', 'warehouse', 'k1:address', 9, 9);
    create table compliance.fct_gathering_point_windows (
        window_days bigint, point_kind varchar, point_key varchar, rank_in_window bigint,
        consignments bigint
    );
    insert into compliance.fct_gathering_point_windows values
        (7, 'address', 'k1:address', 2, 90), (1, 'address', 'k1:address', null, 50),
        (7, 'phone', 'k1:address', 1, 99), (7, 'address', 'k1:elsewhere', 1, 99);
    create table risk.fct_splitting_clusters (
        cluster_id varchar, cluster_kind varchar, window_days bigint, last_day date,
        rank_in_window bigint, receipts bigint, active_days bigint, distinct_consignees bigint,
        consignee_address_token varchar, value_vnd decimal(38, 2), limit_vnd decimal(18, 2),
        value_to_limit_micro bigint, legal_instrument_id varchar, evidence_grade varchar
    );
    insert into risk.fct_splitting_clusters (
        cluster_id, cluster_kind, consignee_address_token, value_vnd
    ) values
        ('small', 'consignee_sender', null, 10), ('large', 'address_sender', 'k1:address', 90),
        ('other', 'address_sender', 'k1:address', 99);
    create table risk.fct_splitting_cluster_members (
        cluster_id varchar, day date, receipt_reference varchar, consignment_id varchar,
        consignee_party_id varchar, consignor_party_id varchar
    );
    insert into risk.fct_splitting_cluster_members values
        ('small', '{OLD_DAY}', 'r1', 'P-OLD', '{C1}', '{S1}'),
        ('large', '{DAY}', 'r2', 'P-1', '{C1}', '{S1}'),
        ('large', '{DAY}', 'r3', 'P-2', '{C2}', '{S1}'),
        ('other', '{DAY}', 'r3', 'P-2', '{C2}', null);
    create table risk.fct_party_links (
        day date, party_id varchar, other_party_id varchar, link_reason varchar
    );
    insert into risk.fct_party_links values
        ('{DAY}', '{C1}', '{C2}', 'phone_name'), ('{NEXT_DAY}', '{C1}', '{C2}', 'phone_name'),
        ('{OLD_DAY}', '{S1}', '{C1}', 'address_name'), ('{DAY}', '{S1}', '{C2}', 'phone_address');
    create table risk.dim_party (party_id varchar, resolved_party_id varchar);
    insert into risk.dim_party values ('{C1}', '{C2}'), ('{C2}', '{C2}'), ('{S1}', '{S1}');
    create table risk.fct_owner_profiles (
        owner_party_id varchar, risk_type varchar, identity_count bigint, finding_count bigint
    );
    insert into risk.fct_owner_profiles values ('{C2}', 'any', 2, 4), ('other', 'any', 9, 9);
    create table risk.fct_consignment_profiles (
        consignment_id varchar, day date, entity_kind varchar, entity_key varchar,
        inspected_count bigint, finding_count bigint, rate_micro bigint,
        cohort_rate_micro bigint, sentence_vi varchar, sentence_en varchar
    );
    insert into risk.fct_consignment_profiles values
        ('P-1', '{DAY}', 'address', 'k1:address', 0, 0, 50000, 50000, 'địa chỉ mới', 'new'),
        ('P-1', '{DAY}', 'seller', 'san-a|7', 12, 4, 270000, 50000, '4 trong 12', '4 in 12');
    create table risk.fct_entity_velocity (
        window_days bigint, entity_kind varchar, entity_key varchar, growth_percent bigint
    );
    insert into risk.fct_entity_velocity values
        (7, 'consignee', '{C1}', 300), (7, 'consignee', '{C2}', 900), (28, 'seller', '{S1}', 5);
    """,
)
_CUSTOMS = ("customs",)
DOSSIER_PLAN = replace(
    PLAN,
    tables=(
        *PLAN.tables,
        TablePlan("core", "fct_inspection_outcomes", _CUSTOMS, ("inspection_id", "finding_type")),
        TablePlan("risk", "fct_risk_reasons", _CUSTOMS, ("consignment_id", "reason_rank"), "day"),
        TablePlan(
            "risk", "fct_consignment_profiles", _CUSTOMS, ("consignment_id", "entity_kind"), "day"
        ),
        TablePlan(
            "compliance", "fct_gathering_point_windows", _CUSTOMS,
            ("window_days", "point_kind", "point_key"),
        ),
        TablePlan(
            "risk", "fct_party_links", _CUSTOMS,
            ("day", "party_id", "other_party_id", "link_reason"), "day",
        ),
        TablePlan("risk", "dim_party", _CUSTOMS, ("party_id",)),
        TablePlan("risk", "fct_owner_profiles", _CUSTOMS, ("owner_party_id", "risk_type")),
        TablePlan("risk", "fct_splitting_clusters", _CUSTOMS, ("cluster_id",)),
        TablePlan(
            "risk", "fct_splitting_cluster_members", _CUSTOMS,
            ("cluster_id", "day", "receipt_reference"),
        ),
        TablePlan(
            "risk", "fct_entity_velocity", _CUSTOMS, ("window_days", "entity_kind", "entity_key")
        ),
        TablePlan(
            "compliance", "fct_suspected_gathering_points", _CUSTOMS,
            ("day", "point_kind", "point_key"), "day",
        ),
    ),
)  # fmt: skip
DAYS = (OLD_DAY, DAY, NEXT_DAY)
