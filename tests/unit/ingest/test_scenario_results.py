"""Results of scenarios as a raw table: typed as stated, with and without any result."""

import json
from pathlib import Path

import duckdb

from ingest.scenario_results import SCENARIO_RESULT, table


def created(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema raw")
    connection.execute(f"create {table(folder)}")
    described = connection.execute("describe raw.scenario_result").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == list(SCENARIO_RESULT)
    return connection


def test_without_a_result_the_table_is_there_and_empty(tmp_path: Path) -> None:
    assert created(tmp_path).execute("from raw.scenario_result").fetchall() == []


def test_each_row_of_each_result_is_one_row(tmp_path: Path) -> None:
    """What a row does not state is null, and no other file of the folder is read."""
    row = {"dimension": "total", "member_code": "all", "consignments": 2, "tax_change_vnd": -0.05}
    for name in ("it's one", "two"):
        told = {"scenario_name": name, "from_day": "2026-11-09", "seed": None, "rows": [row, row]}
        (tmp_path / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no result", encoding="utf-8")
    found = (
        created(tmp_path)
        .execute(
            "select scenario_name, from_day::varchar, consignments, tax_change_vnd::varchar, seed, "
            "tax_after_vnd, count(*) from raw.scenario_result group by all order by 1"
        )
        .fetchall()
    )
    assert found == [
        ("it's one", "2026-11-09", 2, "-0.05", None, None, 2),
        ("two", "2026-11-09", 2, "-0.05", None, None, 2),
    ]
