"""A small working database with the marts that serving reads, and the plan that publishes them.

Add here a mart that serving learns to publish or read. Keep out: expectations about results.

Three consignments on three days. P-1: undervaluation 5 + 3 = 8 and splitting 4; P-2: nothing fired;
P-OLD: forty days earlier. Rows of detail tables a day, newest first: 1, 7, 1.
"""

import contextlib
import datetime as dt
import io
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import duckdb

from foundation.home import Home
from serving.current import current
from serving.plan import ReleasePlan, TablePlan
from serving.release import build, publish
from serving.revisions import DayCauses
from serving.verify import main as verify_main

DAY = dt.date(2026, 3, 10)
NEXT_DAY = dt.date(2026, 3, 11)
OLD_DAY = NEXT_DAY - dt.timedelta(days=40)
SHA = "a" * 64

_TABLES = f"""
create schema core; create schema risk; create schema quality; create schema reporting;
create schema raw; -- in which no risk model counts
create table raw.risk_model_version (
    risk_type varchar, model_version varchar, valid_from date, valid_to date
);
create table raw.item_name_period (model_version varchar, valid_from date, valid_to date);
create table core.fct_consignments (
    consignment_id varchar, consignment_kind varchar, day date, platform_code varchar,
    consignee_party_id varchar, consignee_name_token varchar, hs_code varchar,
    value_vnd decimal(18, 2), source varchar, source_sha256 varchar, source_line bigint
);
insert into core.fct_consignments values
    ('P-2', 'parcel', '2026-03-11', 'san-b', 'party-2', 'k1:bb', null, null,
     'parcel_manifest', '{SHA}', 3),
    ('P-1', 'parcel', '2026-03-10', 'san-a', 'party-1', 'k1:aa', '611020', 990000.50,
     'parcel_manifest', '{SHA}', 2),
    ('P-OLD', 'parcel', '{OLD_DAY}', 'san-a', 'party-1', 'k1:aa', '611020', 10,
     'parcel_manifest', '{SHA}', 9);
create table risk.fct_risk_indicators (
    consignment_id varchar, day date, indicator_id varchar, risk_type varchar, points integer,
    evidence varchar, legal_instrument_id varchar, legal_basis varchar, weight_version varchar
);
insert into risk.fct_risk_indicators values
    ('P-1', '2026-03-10', 'shared_contact', 'undervaluation', 3, 'parcels=4', 'VN-1',
     'art. 2', 'w1'),
    ('P-1', '2026-03-10', 'undervaluation', 'undervaluation', 5, 'ratio=0.31; peers=40', 'VN-2',
     'art. 7', 'w1'),
    ('P-1', '2026-03-10', 'split_under_relief', 'splitting', 4, 'parcels=4', 'VN-3',
     'art. 1', 'w1');
create table risk.fct_risk_scores (
    consignment_id varchar, risk_type varchar, score_points integer, indicator_count bigint,
    day date, weight_version varchar
);
insert into risk.fct_risk_scores values
    ('P-1', 'undervaluation', 8, 2, '2026-03-10', 'w1'),
    ('P-1', 'splitting', 4, 1, '2026-03-10', 'w1');
create table risk.fct_selections (
    consignment_id varchar, day date, customs_office_code varchar, lane varchar,
    selection_method varchar, selection_probability decimal(12, 9)
);
insert into risk.fct_selections values ('P-1', '2026-03-10', '02XX', 'red', 'score', 1);
create table core.fct_tax_assessments (
    consignment_id varchar, day date, vat_due_vnd decimal(18, 2)
);
insert into core.fct_tax_assessments values ('P-1', '2026-03-10', 99000.05);
create table quality.fct_delivery_outcomes (
    delivery_sequence bigint, received_date date, file_name varchar, source_name varchar,
    source_sha256 varchar, status varchar
);
insert into quality.fct_delivery_outcomes values
    (1, '2026-03-11', 'goi-0310.csv', 'parcel_manifest', '{SHA}', 'accepted'),
    (2, '2026-03-12', 'a-copy.csv', 'parcel_manifest', '{SHA}', 'duplicate');
create table reporting.rpt_platforms (day date, platform_code varchar, consignments bigint);
insert into reporting.rpt_platforms values
    ('2026-03-11', 'san-b', 1), ('2026-03-10', 'san-a', 1), ('{OLD_DAY}', 'san-a', 1);
"""

_CUSTOMS = ("customs",)
_BOTH = ("customs", "ministry")
PLAN = ReleasePlan(
    tables=(
        TablePlan(
            "core",
            "fct_consignments",
            _CUSTOMS,
            ("day", "consignment_id"),
            "day",
            "Lô hàng | Consignments. One row per consignment.",
            {"consignment_id": "Mã lô hàng, ví dụ 'P-1' | Its id"},
            is_detail=True,
        ),
        TablePlan(
            "risk",
            "fct_risk_indicators",
            _CUSTOMS,
            ("day", "consignment_id", "indicator_id", "risk_type"),
            "day",
            is_detail=True,
        ),
        TablePlan(
            "risk",
            "fct_risk_scores",
            _CUSTOMS,
            ("day", "consignment_id", "risk_type"),
            "day",
            is_detail=True,
        ),
        TablePlan("risk", "fct_selections", _CUSTOMS, ("consignment_id",)),
        TablePlan(
            "core", "fct_tax_assessments", _CUSTOMS, ("consignment_id",), "day", is_detail=True
        ),
        TablePlan("quality", "fct_delivery_outcomes", _CUSTOMS, ("delivery_sequence",)),
        TablePlan("reporting", "rpt_platforms", _BOTH, ("day", "platform_code"), "day"),
    ),
    detail_rows=1_000,
)


def make_work(home: Home, statements: Iterable[str] = ()) -> Path:
    """(Re)build the working database, then change it by `statements`."""
    home.work.mkdir(parents=True, exist_ok=True)
    home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(_TABLES)
        for statement in statements:
            connection.execute(statement)
    return home.warehouse


def publish_work(
    home: Home,
    statements: Iterable[str] = (),
    days: Sequence[dt.date] = (),
    plan: ReleasePlan | None = None,
    run_facts: Mapping[str, Any] | None = None,
    causes: Mapping[dt.date, DayCauses] = MappingProxyType({}),
    first_releases: Mapping[dt.date, str] = MappingProxyType({}),
    groups: Mapping[str, int] | None = None,
) -> str:
    """Rebuild the working database, change it, publish it on top of what is current.

    The second process is played by this one, for speed; test_release and test_crash also use the
    real one.
    """
    warehouse = make_work(home, statements)
    base = current(home)
    candidate = build(
        home,
        plan or PLAN,
        warehouse=warehouse,
        gate_rows=[],
        run_facts={"run_id": "run-1", **(run_facts or {})},
        days=days,
        causes=causes,
        first_releases=first_releases,
    )
    with mock.patch("serving.release.subprocess.run", _verify_here):
        return publish(
            home,
            candidate,
            base=base.release_id if base else None,
            verdict_check=lambda: "f" * 64,
            groups=groups or {},
        )


def _verify_here(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = verify_main(command[-1:])
    return subprocess.CompletedProcess(command, code, out.getvalue(), errors.getvalue())


def without(plan: ReleasePlan, name: str) -> ReleasePlan:
    """The plan without the table `name`."""
    return replace(plan, tables=tuple(table for table in plan.tables if table.name != name))
