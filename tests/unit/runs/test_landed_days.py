"""Models compute the days that their own run landed: never those that another run left behind."""

import datetime as dt
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.files import canonical_json
from foundation.home import Home
from runs import steps
from runs.days.day_set import Days
from runs.settings import Settings

LANDED = Days.between(dt.date(2026, 11, 12), dt.date(2026, 11, 13))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A working database whose days run-1 landed; run-1 says so."""
    settings = Settings(Home(tmp_path), release_rows=1, releases_kept=1, memory_limit="1GB")
    hold(settings, LANDED)
    state("run-1", settings, LANDED)
    return settings


def hold(settings: Settings, days: Days) -> None:
    with steps.working_database(settings) as connection:
        connection.execute("create schema if not exists raw")
        connection.execute("create or replace table raw.run_day (day date)")
        connection.executemany("insert into raw.run_day values (?)", [[day] for day in days])


def state(run_id: str, settings: Settings, days: Days) -> None:
    start = steps.RunStart(run_id, days, None, (), "i", "c", "s", "l", {})
    folder = steps.evidence_folder(settings.home, run_id)
    folder.mkdir(parents=True)
    (folder / "start.json").write_text(canonical_json(start.facts()), encoding="utf-8")


def test_the_run_that_landed_the_days_computes_them(settings: Settings) -> None:
    steps.require_landed(settings, "run-1")


def test_a_run_that_landed_nothing_computes_and_judges_nothing(settings: Settings) -> None:
    for step in (steps.require_landed, steps.check_inputs, steps.check_marts, steps.publish):
        with pytest.raises(WarehouseError, match="has not landed its days") as refused:
            step(settings, "run-2")
        assert "whole job" in refused.value.remedy
    kept = sorted(path.name for path in settings.home.runs.rglob("*.json"))
    assert kept == ["start.json"], "a verdict or a content was written"


@pytest.mark.parametrize(
    "others",
    [
        Days([LANDED.from_day]),
        Days([*LANDED, dt.date(2026, 11, 14)]),
        Days([LANDED.from_day, dt.date(2026, 11, 14)]),
    ],
    ids=str,
)
def test_days_that_another_run_left_are_not_computed(settings: Settings, others: Days) -> None:
    hold(settings, others)
    with pytest.raises(WarehouseError, match=r"2026-11-12\.\.2026-11-13"):
        steps.require_landed(settings, "run-1")
