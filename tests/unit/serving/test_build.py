"""What a candidate contains, per audience, and what stops a build (reliability rows 3, 15, 73)."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.gate_results import GATE_RESULT_COLUMNS
from foundation.home import Home
from serving.candidate import Candidate
from serving.plan import PUBLISHED_TABLES, ReleasePlan, TablePlan, is_private
from serving.release import build
from tests.unit.serving.fake_work import PLAN, make_work, without

pytestmark = pytest.mark.slow

GATE_ROW = {"gate": "gate2", "rule_id": "row_count", "passed": True, "examined_count": 3,
            "examples_json": '[{"consignment_id": "P-OLD"}]'}  # fmt: skip


def made(home: Home, plan: ReleasePlan = PLAN, **changes: Any) -> Candidate:
    given: dict[str, Any] = {
        "warehouse": home.warehouse,
        "gate_rows": [GATE_ROW],
        "first_releases": {},
        "run_facts": {"run_id": "run-1", "from_day": "2026-03-10", "files": ["goi-0310.csv"]},
    }
    return build(home, plan, **(given | changes))


def rows(candidate: Candidate, audience: str, sql: str) -> list[tuple[Any, ...]]:
    database = candidate.folder / audience / "warehouse.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_each_audience_gets_its_tables_and_no_other(home: Home) -> None:
    tables = "select schema_name || '.' || table_name from duckdb_tables() order by 1"
    candidate = made(home)
    evidence = ["quality.fct_gate_results", "quality.fct_revisions"]
    evidence += ["quality.release_info", "quality.release_tables", *PUBLISHED_TABLES]
    assert [name for (name,) in rows(candidate, "customs", tables)] == sorted(
        [*(table.name for table in PLAN.tables), *evidence]
    )
    assert [name for (name,) in rows(candidate, "ministry", tables)] == sorted(
        ["reporting.rpt_platforms", *evidence]
    )


def test_the_ministry_file_has_no_column_that_identifies_anyone(home: Home) -> None:
    columns = rows(made(home), "ministry", "select column_name from duckdb_columns()")
    assert [name for (name,) in columns if is_private(name)] == []


def test_nothing_that_names_a_consignment_or_a_file_is_in_the_ministry_file(home: Home) -> None:
    content = (made(home).folder / "ministry" / "warehouse.duckdb").read_bytes()
    customs = (made(home).folder / "customs" / "warehouse.duckdb").read_bytes()
    for text in (b"P-OLD", b"goi-0310.csv"):
        assert text not in content
    assert b"goi-0310.csv" in customs


@pytest.mark.parametrize(
    "table", ["core.fct_consignments", "risk.fct_risk_scores", "core.fct_tax_assessments"]
)
def test_a_private_table_marked_for_the_ministry_stops_the_build(home: Home, table: str) -> None:
    opened = tuple(
        replace(each, audiences=("customs", "ministry")) if each.name == table else each
        for each in PLAN.tables
    )
    with pytest.raises(UsageError, match="identify consignments"):
        made(home, replace(PLAN, tables=opened))
    assert [path.name for path in home.releases.iterdir()] == []


@pytest.mark.parametrize(
    ("detail_rows", "ids"),
    [
        (9, ["P-OLD", "P-1", "P-2"]),  # 1 + 7 + 1 rows: all of them
        (8, ["P-1", "P-2"]),
        (7, ["P-2"]),
        (0, []),
    ],
)
def test_a_file_holds_the_newest_whole_days_of_detail(
    home: Home, detail_rows: int, ids: list[str]
) -> None:
    candidate = made(home, replace(PLAN, detail_rows=detail_rows))
    found = rows(candidate, "customs", "select consignment_id from core.fct_consignments")
    assert found == [(each,) for each in ids]
    days = "select count(*) from reporting.rpt_platforms"
    assert rows(candidate, "ministry", days) == [(3,)], "small tables are whole"
    said = "select row_count, row_count_in_file, is_whole_in_file from quality.release_tables"
    assert rows(candidate, "customs", f"{said} where table_name = 'core.fct_consignments'") == [
        (3, len(ids), len(ids) == 3)
    ]
    assert candidate.content.rows["core.fct_consignments"] == 3


def test_a_file_always_holds_the_detail_of_queued_consignments(home: Home) -> None:
    make_work(
        home,
        [
            "create table reporting.rpt_risk_queue as select 'P-1' as consignment_id,"
            " date '2026-03-10' as day",
        ],
    )
    queue = TablePlan("reporting", "rpt_risk_queue", ("customs",), ("day",), "day", is_queue=True)
    candidate = made(home, replace(PLAN, tables=(*PLAN.tables, queue), detail_rows=0))
    for table, count in (("core.fct_consignments", 1), ("risk.fct_risk_indicators", 3)):
        found = rows(candidate, "customs", f"select consignment_id from {table}")
        assert found == [("P-1",)] * count


def test_rows_lie_in_the_order_of_the_plan(home: Home) -> None:
    found = rows(made(home), "customs", "select consignment_id from core.fct_consignments")
    assert found == [("P-OLD",), ("P-1",), ("P-2",)]


def test_comments_and_types_are_kept(home: Home) -> None:
    candidate = made(home)
    comment = "select comment from duckdb_tables() where table_name = 'fct_consignments'"
    assert rows(candidate, "customs", comment) == [(PLAN.tables[0].comment,)]
    column = (
        "select comment, data_type from duckdb_columns() where table_name = 'fct_consignments'"
        " and column_name in ('consignment_id', 'value_vnd') order by column_name"
    )
    assert rows(candidate, "customs", column) == [
        ("Mã lô hàng, ví dụ 'P-1' | Its id", "VARCHAR"),
        (None, "DECIMAL(18,2)"),
    ]


def test_gate_results_are_typed_even_when_empty_and_hide_examples(home: Home) -> None:
    columns = (
        "select column_name, data_type from duckdb_columns()"
        " where table_name = 'fct_gate_results' order by column_index"
    )
    empty = made(home, gate_rows=[])
    assert rows(empty, "customs", columns) == list(GATE_RESULT_COLUMNS)
    assert rows(empty, "customs", "from quality.fct_gate_results") == []
    filled = made(home)
    found = "select gate, passed, examined_count, owner from quality.fct_gate_results"
    assert rows(filled, "customs", found) == [("gate2", True, 3, None)]
    hidden = {"examples_json", "examined_count", "failing_count"}
    assert hidden <= dict(rows(filled, "customs", columns)).keys()
    assert not hidden & dict(rows(filled, "ministry", columns)).keys()
    with pytest.raises(UsageError, match="surprise"):
        made(home, gate_rows=[{"surprise": 1}])


def test_release_info_says_what_the_release_is(home: Home) -> None:
    candidate = made(home)
    ((release_id, base, content, facts),) = rows(candidate, "customs", "from quality.release_info")
    assert (release_id, base, content) == (candidate.release_id, None, candidate.content.combined)
    assert release_id == f"r000001-{content[:8]}"
    assert json.loads(facts)["files"] == ["goi-0310.csv"]
    ((public,),) = rows(candidate, "ministry", "select run_facts from quality.release_info")
    assert json.loads(public) == {"run_id": "run-1", "from_day": "2026-03-10"}


def test_the_same_work_database_gives_the_same_id_and_gate_rows_do_not_count(home: Home) -> None:
    first = made(home)
    assert made(home, gate_rows=[], run_facts={"run_id": "run-2"}).release_id == first.release_id
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    assert made(home).release_id != first.release_id


def test_the_file_opens_with_older_readers_and_no_log_is_left(home: Home) -> None:
    candidate = made(home)
    stored = (
        "select tags['storage_version'] from duckdb_databases() where database_name = 'warehouse'"
    )
    assert rows(candidate, "customs", stored) == [("v1.0.0+",)]
    names = {path.name for path in candidate.folder.rglob("*") if path.is_file()}
    assert names == {"warehouse.duckdb", "history.json", "content.json"}
    assert candidate.folder.stat().st_mode & 0o777 == 0o700


def test_a_failed_build_leaves_nothing_and_says_one_line(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_work(home, ["drop table risk.fct_selections"])
    with pytest.raises(WarehouseError, match=r"risk\.fct_selections"):
        made(home)
    with pytest.raises(WarehouseError, match="no working database"):
        made(home, warehouse=home.work / "missing.duckdb")
    with pytest.raises(UsageError, match="must be JSON"):
        made(home, without(PLAN, "risk.fct_selections"), run_facts={"day": Path("x")})
    broken = TablePlan("core", "fct_consignments", ("customs",), ("no_such_column",))
    with pytest.raises(WarehouseError, match="no_such_column"):
        made(home, ReleasePlan((broken,), 30))
    holder = duckdb.connect(str(home.warehouse))
    with pytest.raises(WarehouseError, match="could not be built"):
        made(home)
    holder.close()
    usage = shutil.disk_usage(home.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(
        WarehouseError, match=r"disk full \(a release\): need \d+\.\d MB, have 0\.0 MB"
    ):
        made(home)
    assert list(home.releases.iterdir()) == []


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (TablePlan("core", "t", ("public",), ()), "unknown audiences"),
        (TablePlan("quality", "release_info", ("customs",), ()), "serving writes"),
        (PLAN.tables[0], "planned twice"),
    ],
)
def test_an_impossible_plan_is_refused(table: TablePlan, match: str) -> None:
    with pytest.raises(UsageError, match=match):
        replace(PLAN, tables=(*PLAN.tables, table))
