"""A small warehouse that every shipped rule accepts, to be spoilt one rule at a time.

Add here a column or table that a new rule reads. Keep out: the spoiling (the test modules).
Window: Monday 2 to Sunday 8 November 2026, one delivery per day and windowed source.
"""

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from expectations.gate import run_gate
from expectations.rules import Suite
from expectations.verdict import GateName, Verdict
from tests.support.raw_fixture import build_raw
from tests.unit.expectations import memory, totals

FROM_DAY = dt.date(2026, 11, 2)
TO_DAY = dt.date(2026, 11, 8)
SUBJECT = "5" * 64
TOKEN = "k1:" + "ab" * 32
ROWS_A_DAY = 120

_DAYS = (
    "(select cast(unnest(generate_series(timestamp '2026-11-02', timestamp '2026-11-08', "
    "interval 1 day)) as date) as day)"
)
_LINEAGE = "day, _received_date, _src_sha, _src_line"


def _windowed(source: str, columns: str, values: str) -> str:
    return (
        f"insert into raw.{source} ({columns}, {_LINEAGE}) select {values}, day, day + 1, "
        f"'{source}-' || day, line from {_DAYS} cross join range(1, {ROWS_A_DAY + 1}) as r(line)"
    )


def _further(contract: Contract) -> tuple[str, str]:
    """Rows of a source that no rule asks for by name, and their deliveries: key and watched codes,
    a state once, a flow every day."""
    of_type = {"integer": "line", "date": "day", "timestamp": "day"}
    values = {
        name: of_type.get(contract.field(name).type, "'K' || day || line")
        for name in (*contract.key, *contract.watched_codes)
    }
    if contract.has("customs_office_code"):
        values["customs_office_code"] = "'01AB'"
    rows = _windowed(contract.source, ", ".join(values), ", ".join(values.values()))
    told = (
        "insert into raw.delivery_outcome select row_number() over (), 'further.csv', "
        f"'{contract.source}', 'sender', '{contract.source}-' || day, 'accepted', {ROWS_A_DAY}, "
        f"{ROWS_A_DAY}, 0, 0, null, day + 1, day, day from {_DAYS}"
    )
    return rows, told


_NAMED = (
    "parcel_manifest", "customs_declaration", "low_value_declaration", "platform_registry",
    "inspection_outcome", "market_reference",
)  # fmt: skip
_RAW = (
    *(
        statement
        for contract in CONTRACTS.values()
        if contract.source not in _NAMED
        for statement in _further(contract)
    ),
    _windowed(
        "parcel_manifest",
        "house_waybill_number, customs_office_code, importing_country_code, operator_code, "
        "currency_code, consignee_name_token, consignee_province_code, declared_value",
        f"'H' || day || '-' || line, '01AB', 'VN', 'OP', 'VND', '{TOKEN}', '01', 70000",
    ),
    _windowed(
        "customs_declaration",
        "declaration_number, line_number, customs_office_code, importing_country_code, "
        "origin_country_code, hs_code, currency_code, declared_value",
        "'D' || day, line, '01AB', 'VN', 'CN', '61091000', 'USD', 100",
    ),
    _windowed(
        "low_value_declaration",
        "house_waybill_number, customs_office_code, origin_country_code, currency_code",
        "'H' || day || '-' || line, '01AB', 'CN', 'VND'",
    ),
    "insert into raw.platform_registry (platform_code, event_type, event_date, day, "
    "_received_date, _src_sha, _src_line) values "
    "('alpha', 'registered', '2026-01-05', '2026-01-05', '2026-11-01', 'registry', 2)",
    "insert into raw.inspection_outcome (inspection_id, consignment_reference, finding_type, "
    "result, day, _received_date, _src_sha, _src_line) values ('I1', 'H1', 'none', 'no_finding', "
    "'2026-10-30', '2026-11-01', 'outcomes', 2)",
    "insert into raw.market_reference (series_id, dimension_code, period_start, vintage_date, "
    "day, _received_date, _src_sha, _src_line) values ('exchange_rate', 'USD', '2026-11-01', "
    "'2026-11-01', '2026-11-01', '2026-11-01', 'market', 2)",
    "insert into raw.reference_customs_office (customs_office_code) values ('01AB')",
    "insert into raw.reference_version (kind, file_name, sha256, as_of_date, owner, edition_days, "
    "is_in_force, used_from, used_to) values ('customs_offices', 'offices.csv', 'f1', "
    "'2026-01-01', 'owner', 400, true, '2026-11-02', '2026-11-02')",
    "insert into raw.expected_delivery select 'sender', source, day + 1 from "
    f"{_DAYS} cross join (values ('parcel_manifest'), ('customs_declaration'), "
    "('low_value_declaration')) as s(source)",
    "insert into raw.expected_delivery values ('sender', 'platform_registry', '2026-11-01')",
    # The ledger is written from literals, not from raw: otherwise both would always agree.
    *(
        "insert into raw.delivery_outcome select row_number() over (), 'day.csv', "
        f"'{source}', 'sender', '{source}-' || day, 'accepted', {ROWS_A_DAY + 2}, {ROWS_A_DAY}, "
        f"1, 1, null, day + 1, day, day from {_DAYS}"
        for source in ("parcel_manifest", "customs_declaration", "low_value_declaration")
    ),
    *(
        f"insert into raw.delivery_outcome values (100, 'state.csv', '{source}', 'sender', "
        f"'{sha}', 'accepted', 1, 1, 0, 0, null, '2026-11-01', '2026-01-05', '2026-11-01')"
        for source, sha in (
            ("platform_registry", "registry"),
            ("inspection_outcome", "outcomes"),
            ("market_reference", "market"),
        )
    ),
    "insert into raw.quarantine_reason select source, sha256, 'hs_code', 'too_long', 1 "
    "from raw.delivery_outcome where quarantined = 1",
)

_MARTS = (
    "create schema core",
    "create table core.dim_province as select '01' as province_code",
    "create table core.dim_office as select '01AB' as customs_office_code, 'loaded' as name_source",
    "create table core.dim_platform as select 'alpha' as platform_code",
    "create table core.dim_commodity as select '61' as hs_chapter",
    "create schema quality",
    """create table quality.fct_record_versions (source_name varchar, record_key varchar, day date,
        fate varchar, sender varchar, source_sha256 varchar, source_line bigint)""",
    """create table quality.fct_record_conflicts (source_name varchar, record_key varchar,
        conflict_kind varchar, day date, resolution varchar, differing_columns varchar,
        sender varchar, source_sha256 varchar, source_line bigint, other_sender varchar,
        other_source_sha256 varchar, other_source_line bigint)""",
    "create schema risk",
    """create table core.fct_consignments (
        consignment_id varchar, consignment_kind varchar, day date, is_active boolean,
        house_waybill_number varchar, declaration_number varchar, line_number bigint,
        platform_code varchar, platform_status varchar, hs_chapter varchar,
        consignee_party_id varchar, declared_value decimal(18,2), value_vnd decimal(18,2),
        low_value_declared_value_vnd decimal(18,2), source varchar, source_sha256 varchar,
        source_line bigint, hs_code varchar, origin_country_code varchar,
        consignor_country_code varchar, currency_code varchar, customs_office_code varchar,
        gross_weight_kg decimal(18,4), package_count bigint)""",
    """insert into core.fct_consignments
        select 'P-' || house_waybill_number, 'parcel', day, true, house_waybill_number, null,
            null, 'alpha', 'registered', 'unknown', consignee_name_token, declared_value,
            declared_value, declared_value, 'parcel_manifest', _src_sha, _src_line, null, null,
            'CN', currency_code, customs_office_code, gross_weight_kg, package_count
        from raw.parcel_manifest
        union all
        select 'D-' || declaration_number || '-' || line_number, 'declaration_line', day, true,
            null, declaration_number, line_number, 'unstated', 'unstated', '61', null,
            declared_value, declared_value * 25000, null, 'customs_declaration', _src_sha,
            _src_line, hs_code, origin_country_code, null, currency_code, customs_office_code,
            gross_weight_kg, package_count
        from raw.customs_declaration""",
    "create schema seeds",
    """create table seeds.risk_indicators as select * from
        (values ('i', false), ('ends', true)) as t(indicator_id, ends_by_itself)""",
    """create table risk.fct_risk_indicators (consignment_id varchar, day date,
        indicator_id varchar, risk_type varchar, points integer)""",
    """insert into risk.fct_risk_indicators
        select consignment_id, day, unnest(['shared_contact', 'undervaluation']),
            'undervaluation', 30 from core.fct_consignments where source_line <= 20""",
    """create table risk.fct_risk_scores as
        select consignment_id, day, risk_type, cast(sum(points) as integer) as score_points,
            cast(count(*) as integer) as indicator_count, 0 as intercept_points,
            0 as feature_points
        from risk.fct_risk_indicators group by all""",
    """create table risk.fct_selections as
        select consignment_id, day, 'red' as lane, 'score' as selection_method,
            cast(0.25 as decimal(12, 9)) as selection_probability
        from core.fct_consignments where source_line <= 2""",
    # Value 1,000,000; duty 12 % = 120,000 relieved; VAT 8 % of the value = 80,000 due.
    """create table core.fct_tax_assessments as
        select consignment_id, day, cast(1000000 as decimal(18,2)) as customs_value_vnd,
            cast(12 as decimal(9,3)) as duty_rate_percent,
            cast(0 as decimal(18,2)) as duty_due_vnd,
            cast(120000 as decimal(18,2)) as duty_relieved_vnd,
            cast(8 as decimal(9,3)) as vat_rate_percent,
            cast(80000 as decimal(18,2)) as vat_due_vnd,
            cast(0 as decimal(18,2)) as vat_relieved_vnd
        from core.fct_consignments where consignment_kind = 'parcel'""",
)


def build_good(path: Path) -> Path:
    """A warehouse that both gates pass without a warning."""
    with duckdb.connect(str(path)) as connection:
        build_raw(connection, {}, (FROM_DAY, TO_DAY))
        for statement in (*_RAW, *_MARTS, *totals.TABLES, *totals.ROWS, *memory.ROWS):
            connection.execute(statement)
    return path


def build_empty(path: Path) -> Path:
    """The same tables and window without a single delivery."""
    with duckdb.connect(str(path)) as connection:
        build_raw(connection, {}, (FROM_DAY, TO_DAY))
        for statement in (*_MARTS, *totals.TABLES, *memory.TABLES):
            connection.execute(statement)
    return path


def spoilt(good: Path, folder: Path, statements: Sequence[str]) -> Path:
    """A copy of `good` after `statements`, each of which must change something."""
    copy = folder / "spoilt.duckdb"
    shutil.copy(good, copy)
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            changed = connection.execute(statement).fetchall()
            assert not changed or changed[0][0] != 0, f"changed nothing: {statement}"
    return copy


def judge(gate: GateName, suites: Sequence[Suite], database: Path, folder: Path) -> Verdict:
    """Run a gate with its evidence in `folder`."""
    return run_gate(
        gate, suites, database=database, subject_hash=SUBJECT, evidence=folder / "evidence"
    )


def failing(verdict: Verdict) -> dict[tuple[str, str], int]:
    """(suite, rule) -> failing count, of a verdict in which every rule was evaluated."""
    assert verdict.evaluated == verdict.declared
    return {(r.suite, r.rule_id): r.failing_count for r in verdict.failures()}
