"""The raw tables of risk models: what the documents say, for the versions that have a period.

Not claimed: which version counts on a day (tests/unit/ledger/test_model_periods.py), what the
models make of the rows (tests/golden/test_model_tables.py).
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.raw_views import register_raw_views
from ledger.chain import Ledger
from runs.model_registry import store_candidate
from tests.support.raw_fixture import raw_tables
from tests.support.risk_models import (
    candidate,
    document,
    edit,
    of_indicators,
    promoted,
    retired,
)

EARLY, MIDDLE, LATE = (dt.date(2026, 3, day) for day in (2, 10, 20))
TABLES = ("risk_model_version", "risk_model_bin", "risk_model_calibration")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's a home")


@pytest.fixture
def connection(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    home.work.mkdir(parents=True)
    with duckdb.connect(home.warehouse) as opened:
        yield opened


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    found = connection.execute(f"from raw.{table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_candidate_alone_is_in_no_table(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    candidate(home)
    counts = register_raw_views(connection, home, EARLY, EARLY)
    assert {table: counts[table] for table in TABLES} == dict.fromkeys(TABLES, 0)


def test_the_tables_hold_what_the_document_says(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    version = candidate(home)
    promoted(home, version, MIDDLE, reason="it's better")
    # A day before its first is registered all the same: a later day may be scored by it.
    register_raw_views(connection, home, EARLY, EARLY)
    described = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'raw' and table_name like 'risk_model%' order by column_index"
    ).fetchall()
    for table in TABLES:
        found = tuple((name, sql_type) for of, name, sql_type in described if of == table)
        assert found == raw_tables()[table]
    card = of_indicators()
    (row,) = rows(connection, "risk_model_version")
    assert json.loads(row.pop("settings_json")) == card.settings
    assert json.loads(row.pop("evaluation_json")) == card.evaluation
    assert row == {
        "model_version": version, "risk_type": "undervaluation", "kind": "multipliers",
        "valid_from": MIDDLE, "valid_to": None, "trained_on_from": card.trained_on_from,
        "trained_on_to": card.trained_on_to, "label_count": 100, "finding_count": 20, "seed": 1,
        "intercept_points": -1500, "points_per_logit": 1000, "base_rate_micro": 200_000,
        "expert_scale_micro": None, "finding_value_vnd": None,
        "reason": "it's better", "signed_by": "a tester",
    }  # fmt: skip
    named = {"model_version": version, "risk_type": "undervaluation"}
    assert sorted(rows(connection, "risk_model_bin"), key=str) == sorted(
        ({**named, **vars(one)} for one in card.bins), key=str
    )
    assert rows(connection, "risk_model_calibration") == [
        {**named, **vars(one)} for one in card.calibration
    ]


def test_only_versions_with_a_period_are_there_and_each_once(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    first, second, third = (candidate(home, intercept) for intercept in (-1500, -1400, -1300))
    promoted(home, third, EARLY)  # wholly replaced by the next
    promoted(home, first, EARLY)
    promoted(home, second, MIDDLE)
    promoted(home, first, LATE)
    retired(home, LATE + dt.timedelta(days=5))
    register_raw_views(connection, home, EARLY, LATE)
    day = dt.timedelta(days=1)
    assert [
        (row["model_version"], row["valid_from"], row["valid_to"])
        for row in sorted(rows(connection, TABLES[0]), key=lambda row: row["valid_from"])
    ] == [
        (first, EARLY, MIDDLE - day), (second, MIDDLE, LATE - day), (first, LATE, LATE + 4 * day),
    ]  # fmt: skip
    found = rows(connection, TABLES[1])
    assert {row["model_version"] for row in found} == {first, second}
    assert len(found) == 2 * len(of_indicators().bins)


def test_multipliers_say_what_an_expert_point_is_worth(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    settings = {**of_indicators().settings, "common_factor_micro": 41_500}
    card = replace(of_indicators(), settings=settings)
    promoted(home, store_candidate(home, card), EARLY)
    # A scorecard with the same setting says nothing of the kind.
    scorecard = replace(card, kind="scorecard", risk_type="origin")
    promoted(home, store_candidate(home, scorecard), EARLY)
    register_raw_views(connection, home, EARLY, EARLY)
    told = {row["risk_type"]: row["expert_scale_micro"] for row in rows(connection, TABLES[0])}
    assert told == {"undervaluation": 41_500, "origin": None}


@pytest.mark.parametrize("harm", ["edited", "missing"])
def test_a_document_that_differs_from_the_ledger_is_named(
    connection: duckdb.DuckDBPyConnection, home: Home, harm: str
) -> None:
    version = candidate(home)
    register_raw_views(connection, home, EARLY, EARLY)  # nothing reads it yet
    promoted(home, version, EARLY)
    if harm == "edited":
        edit(document(home, version), '"points":700', '"points":701')
    else:
        document(home, version).unlink()
    with pytest.raises(WarehouseError, match=f"risk model {version} .*(not what was|missing)"):
        register_raw_views(connection, home, EARLY, EARLY)


def test_the_ledger_as_a_run_was_planned_decides(
    connection: duckdb.DuckDBPyConnection, home: Home
) -> None:
    promoted(home, candidate(home), EARLY)
    planned = Ledger(home.ledger).entries()
    promoted(home, candidate(home, -1400), EARLY)
    register_raw_views(connection, home, EARLY, EARLY, entries=planned)
    assert [row["intercept_points"] for row in rows(connection, TABLES[0])] == [-1500]
