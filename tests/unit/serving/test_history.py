"""History: one valid file per table and day, immutable, revisions beside the old file."""

import datetime as dt

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from serving import history
from serving.current import require_current
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import DAY, NEXT_DAY, PLAN

pytestmark = pytest.mark.slow

SCORES = "risk.fct_risk_scores"
REVISE = "update risk.fct_risk_scores set score_points = 9 where risk_type = 'undervaluation'"
FILL_NEXT_DAY = "update risk.fct_risk_scores set day = date '2026-03-11'"


def valid(home: Home, table: str = SCORES) -> dict[str, int]:
    """Day -> rows of its file, as the current release lists them."""
    listing = history.read_listing(require_current(home).folder)
    assert set(history.valid_files(home.history, listing, table)) == {
        home.history / path for path in listing[table].values()
    }
    return {
        day: duckdb.read_parquet(str(home.history / path), hive_partitioning=False).shape[0]
        for day, path in listing[table].items()
    }


def files(home: Home) -> set[str]:
    return {path.relative_to(home.history).as_posix() for path in home.history.rglob("*.parquet")}


def test_every_window_table_has_a_file_for_every_day(home: Home, publish_once: Publish) -> None:
    publish_once(days=[NEXT_DAY, DAY])
    assert valid(home) == {"2026-03-10": 2, "2026-03-11": 0}
    windowed = {table.name for table in PLAN.tables if table.window_column}
    assert {path.split("/")[0] for path in files(home)} == windowed
    for path in home.history.rglob("*.parquet"):
        assert path.stem == sha256_file(path)
        assert path.stat().st_mode & 0o777 == 0o440


def test_the_same_day_again_is_the_same_file(home: Home, publish_once: Publish) -> None:
    publish_once(days=[DAY])
    before = {path: path.stat().st_ino for path in home.history.rglob("*.parquet")}
    publish_once(days=[DAY])
    assert {path: path.stat().st_ino for path in home.history.rglob("*.parquet")} == before
    assert require_current(home).manifest["run_facts"]["history_superseded"] == []


def test_a_revision_adds_a_file_and_lists_the_old_one(home: Home, publish_once: Publish) -> None:
    publish_once(days=[DAY, NEXT_DAY])
    before = files(home)
    old = history.read_listing(require_current(home).folder)[SCORES][DAY.isoformat()]
    publish_once([REVISE], days=[DAY])
    new = history.read_listing(require_current(home).folder)[SCORES][DAY.isoformat()]
    assert files(home) - before == {new}
    assert before <= files(home)
    assert require_current(home).manifest["run_facts"]["history_superseded"] == [old]
    assert valid(home) == {"2026-03-10": 2, "2026-03-11": 0}


def test_a_damaged_history_file_is_written_again(home: Home, publish_once: Publish) -> None:
    publish_once(days=[DAY])
    path = next(home.history.rglob("*.parquet"))
    path.chmod(0o640)
    path.write_bytes(b"rot")
    publish_once(days=[DAY])
    assert sha256_file(path) == path.stem


def test_days_of_earlier_runs_stay_valid(home: Home, publish_once: Publish) -> None:
    publish_once(days=[DAY])
    publish_once(days=[NEXT_DAY])
    publish_once()
    assert sorted(valid(home)) == ["2026-03-10", "2026-03-11"]


def test_empty_days_share_one_file_that_stays_valid(home: Home, publish_once: Publish) -> None:
    days = [DAY + dt.timedelta(days=number) for number in range(1, 30)]
    publish_once(days=days)
    empty = [path for path in files(home) if path.startswith(f"{SCORES}/empty/")]
    assert len(empty) == 1
    assert set(valid(home).values()) == {0}
    publish_once([FILL_NEXT_DAY], days=[DAY, *days])
    assert valid(home)["2026-03-11"] == 2
    assert require_current(home).manifest["run_facts"]["history_superseded"] == []


def test_a_table_without_history_is_named(home: Home, publish_once: Publish) -> None:
    publish_once(days=[DAY])
    with pytest.raises(WarehouseError, match="no history"):
        history.valid_files(
            home.history,
            history.read_listing(require_current(home).folder),
            "risk.fct_selections",
        )


def test_merge_supersedes_only_what_changed() -> None:
    day = dt.date(2026, 1, 1).isoformat()
    previous = {"a.t": {day: "a.t/x"}, "a.u": {day: "a.u/x"}}
    merged, superseded = history.merge(previous, {"a.t": {day: "a.t/y"}, "a.u": {day: "a.u/x"}})
    assert merged == {"a.t": {day: "a.t/y"}, "a.u": {day: "a.u/x"}}
    assert superseded == ["a.t/x"]
    assert previous["a.t"][day] == "a.t/x"
