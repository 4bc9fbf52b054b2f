"""Content by day: a run reads its own days only, and whoever changed other days is found out.

Not claimed: that detail rows of other days are unchanged in the working database (nobody reads
them: their published files are immutable).
"""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.candidate import measure_work
from serving.content import CONTENT_FILE, Content, TableContent, first_whole_day, measure
from serving.content_hash import Part, content_hash
from serving.current import current, require_current
from serving.plan import ReleasePlan, TablePlan
from serving.reader import query
from serving.release import build, publish
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, PLAN, make_work

pytestmark = pytest.mark.slow

DETAIL = TablePlan("core", "detail", (), (), "day", is_detail=True)
SMALL = TablePlan("core", "small", (), (), "day")
MONTHLY = TablePlan("core", "monthly", (), (), "month")
TABLES = ReleasePlan((DETAIL, SMALL, MONTHLY), 0)
SPLIT_BY_DAY = ("detail", "small")


def database(*statements: str) -> duckdb.DuckDBPyConnection:
    """core.detail and core.small: one row on each of three days; core.monthly: March and April."""
    connection = duckdb.connect()
    days = "select unnest([date '2026-03-01', date '2026-03-02', date '2026-04-01']) as day"
    connection.execute("create schema core")
    for table in SPLIT_BY_DAY:
        connection.execute(f"create table core.{table} as select day, 1 as value from ({days})")
    connection.execute(
        "create table core.monthly as select date '2026-03-01' as month, 2 as value"
        " union all select date '2026-04-01', 1"
    )
    for statement in statements:
        connection.execute(statement)
    return connection


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def test_the_parts_of_a_table_make_the_hash_of_the_table() -> None:
    with database() as connection:
        content = measure(connection, TABLES, [], None)
        assert content.hashes == content_hash(connection, TABLES.tables)
    assert sorted(content.tables["core.detail"].parts) == ["2026-03-01", "2026-03-02", "2026-04-01"]


def test_a_run_adds_its_days_to_what_is_published(tmp_path: Path) -> None:
    with database() as connection:
        base = measure(connection, TABLES, [], None)
    (tmp_path / "content.json").write_text(base.to_json(), encoding="utf-8")
    assert Content.read(tmp_path / "content.json") == base
    change = "update core.{} set value = 5 where day = date '2026-03-02'"
    monthly = "update core.monthly set value = 6 where month = date '2026-03-01'"
    with database(change.format("detail"), change.format("small"), monthly) as connection:
        run = measure(connection, TABLES, [march(2)], base)
        assert run.hashes == content_hash(connection, TABLES.tables)
    assert run.hashes != base.hashes


def test_a_day_that_became_empty_is_no_part_any_more() -> None:
    with database() as connection:
        base = measure(connection, TABLES, [], None)
    empty = [
        f"delete from core.{name} where day = date '2026-03-02'" for name in ("detail", "small")
    ]
    with database(*empty) as connection:
        run = measure(connection, TABLES, [march(2)], base)
        assert run.hashes == content_hash(connection, TABLES.tables)
    assert "2026-03-02" not in run.tables["core.detail"].parts


def test_detail_of_other_days_is_not_read_again() -> None:
    with database() as connection:
        base = measure(connection, TABLES, [], None)
    with database("delete from core.detail where day <> date '2026-03-02'") as connection:
        assert measure(connection, TABLES, [march(2)], base) == base


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update core.small set value = 9 where day = date '2026-03-01'", "core.small"),
        ("delete from core.small where day = date '2026-03-01'", "core.small"),
        ("insert into core.small values (date '2026-05-01', 1)", "core.small"),
        ("update core.monthly set value = 9 where month = date '2026-04-01'", "core.monthly"),
    ],
)
def test_other_days_changed_by_a_run_without_a_release_stop_this_one(
    statement: str, table: str
) -> None:
    with database() as connection:
        base = measure(connection, TABLES, [], None)
    with (
        database(statement) as connection,
        pytest.raises(WarehouseError, match="did not compute") as refused,
    ):
        measure(connection, TABLES, [march(2)], base)
    assert refused.value.where == table


def test_a_table_that_forgets_may_lose_days_but_not_change_them() -> None:
    forgetful = ReleasePlan((replace(SMALL, forgets=True),), 0)
    with database() as connection:
        base = measure(connection, forgetful, [], None)
    with database("delete from core.small where day = date '2026-03-01'") as connection:
        assert len(measure(connection, forgetful, [march(2)], base).tables["core.small"].parts) == 2
    with (
        database("update core.small set value = 9") as connection,
        pytest.raises(WarehouseError, match="did not compute"),
    ):
        measure(connection, forgetful, [march(2)], base)


def test_another_list_of_columns_is_measured_whole() -> None:
    with database() as connection:
        base = measure(connection, TABLES, [], None)
    with database("alter table core.detail add column more integer") as connection:
        run = measure(connection, TABLES, [march(2)], base)
        assert run.hashes == content_hash(connection, TABLES.tables)


@pytest.mark.parametrize(
    ("budget", "first"),
    # The day after the newest that is left out: between two days with rows lie empty ones.
    [(6, None), (5, march(2)), (4, march(3)), (3, march(3)), (2, dt.date(2026, 4, 2))],
)
def test_the_first_whole_day_keeps_within_the_budget(budget: int, first: dt.date | None) -> None:
    """Detail rows a day: 1, 2, 3, newest last."""
    rows = {"2026-03-01": Part(1), "2026-03-02": Part(2), "2026-04-01": Part(3)}
    content = Content({"core.detail": TableContent((), rows)})
    assert first_whole_day(content, ReleasePlan((DETAIL,), budget)) == first


def test_readers_see_the_whole_history_of_what_a_file_holds_in_part(
    home: Home, publish_once: Publish
) -> None:
    small = replace(PLAN, detail_rows=0)
    publish_once(days=[OLD_DAY, DAY, NEXT_DAY], plan=small)
    count = query(home, "select count(*) as n from core.fct_consignments").column("n")[0].as_py()
    in_file = "select row_count_in_file as n from quality.release_tables where table_name = "
    assert count == 3
    assert query(home, f"{in_file}'core.fct_consignments'").column("n")[0].as_py() == 0
    changed = ["update core.fct_consignments set value_vnd = 7 where day = date '2026-03-10'"]
    publish_once(changed, days=[DAY], plan=small)
    values = query(home, "select value_vnd as v from core.fct_consignments order by day")
    assert [None if v is None else int(v) for v in values.column("v").to_pylist()] == [10, 7, None]


def test_a_view_over_history_opens_no_other_file(home: Home, publish_once: Publish) -> None:
    publish_once(days=[DAY], plan=replace(PLAN, detail_rows=0))
    outside = home.root / "secret.csv"
    outside.write_text("a\n1\n", encoding="utf-8")
    for sql in (
        f"from read_csv('{outside}')",
        f"from read_csv('{home.history}/../secret.csv')",
        f"from glob('{home.root}/*')",
    ):
        with pytest.raises(WarehouseError, match="refused"):
            query(home, sql)


def test_only_what_the_gate_judged_is_published(home: Home) -> None:
    """The gate measures, then somebody changes a day of the run in the working database."""
    plan, days = PLAN, [OLD_DAY, DAY, NEXT_DAY]
    judged = measure_work(home.warehouse, plan, days, current(home), home.work / "spill")

    def attempt() -> str:
        candidate = build(
            home, plan, warehouse=home.warehouse, gate_rows=[], run_facts={}, days=days,
            judged=judged, first_releases={},
        )  # fmt: skip
        return publish(home, candidate, base=None, verdict_check=lambda: None)

    make_work(home, ["update core.fct_consignments set value_vnd = 1"])
    with pytest.raises(WarehouseError, match="other content than was judged"):
        attempt()
    assert current(home) is None
    make_work(home)
    attempt()
    written = json.loads((require_current(home).folder / CONTENT_FILE).read_text(encoding="utf-8"))
    assert written == json.loads(judged.to_json())


def test_a_staged_history_file_that_rotted_is_refused(home: Home) -> None:
    candidate = build(
        home,
        PLAN,
        warehouse=home.warehouse,
        gate_rows=[],
        run_facts={},
        first_releases={},
        days=[DAY],
    )
    path = next((candidate.folder / "history").rglob("*.parquet"))
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(WarehouseError, match=r"verify|other content"):
        publish(home, candidate, base=None, verdict_check=lambda: None)
    assert current(home) is None


def test_detail_rows_of_other_days_that_nobody_published_stop_the_build(
    home: Home, publish_once: Publish
) -> None:
    publish_once()
    more = "insert into core.fct_consignments select * from core.fct_consignments"
    with pytest.raises(WarehouseError, match="6 rows where the release has 3"):
        publish_once([more], days=[])
    publish_once([more], days=[OLD_DAY, DAY, NEXT_DAY])
