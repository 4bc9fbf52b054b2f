"""Days of a Dagster run, and pending work: the days that a run and a release cover."""

import datetime as dt
from pathlib import Path

import pytest

from dagster_project.partitions import daily_partitions, day_tags, days_asked, recorded_on
from foundation.errors import UsageError
from foundation.home import Home
from ledger.chain import Ledger
from runs.days.day_set import Days
from runs.days.plan import pending_days
from runs.days.reading import read

DAY = dt.date(2026, 11, 9)


def days_after(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def test_days_travel_through_run_tags_and_beat_the_partitions_of_dagster() -> None:
    week = Days.between(DAY, days_after(6))
    assert days_asked({**day_tags(week), "dagster/partition": "2026-11-15"}) == week
    assert days_asked({"dagster/partition": "2026-11-09"}) == Days([DAY])
    ends = {"start": "2026-11-09", "end": "2026-11-10"}
    back_fill = {f"dagster/asset_partition_range_{end}": day for end, day in ends.items()}
    assert days_asked(back_fill) == Days([DAY, days_after(1)])
    with pytest.raises(UsageError, match="without a day"):
        days_asked({"dagster/backfill": "x"})
    gaps = Days([DAY, days_after(1), days_after(40)])
    assert str(gaps) == "2026-11-09..2026-11-10,2026-12-19..2026-12-19"
    assert days_asked(day_tags(gaps)) == gaps
    assert tuple(gaps) == (DAY, days_after(1), days_after(40))


def test_a_run_of_days_ahead_is_recorded_on_a_partition_that_exists() -> None:
    past, ahead = Days([DAY]), Days.between(dt.date(2999, 1, 1), dt.date(2999, 1, 1))
    assert recorded_on(past) == "2026-11-09"
    assert daily_partitions.has_partition_key(recorded_on(ahead))
    assert not daily_partitions.has_partition_key("2999-01-01")


def delivery(sha: str, source: str, first: dt.date, last: dt.date) -> dict[str, object]:
    return {
        "file": sha, "source": source, "sender": "standard", "sha256": sha, "status": "accepted",
        "day_min": first.isoformat(), "day_max": last.isoformat(), "key_id": "demo",
        "accepted": 0,  # no raw file, so no links to follow
    }  # fmt: skip


def test_a_delivery_is_pending_until_releases_cover_all_its_days(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = Ledger(home.ledger)
    ledger.append("delivery", delivery("a" * 64, "parcel_manifest", DAY, days_after(2)))
    assert pending_days(read(home)) == Days.between(DAY, days_after(2))
    released = {"release_id": "r", "inputs": ["a" * 64], "from_day": DAY.isoformat()}
    ledger.append("release", {**released, "to_day": days_after(1).isoformat()})
    assert len(read(home).pending) == 1
    ledger.append("release", {**released, "to_day": days_after(2).isoformat()})
    assert read(home).pending == ()
    assert not pending_days(read(home))


def test_a_state_that_speaks_of_no_held_day_recomputes_the_last_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = Ledger(home.ledger)
    ledger.append("delivery", delivery("b" * 64, "platform_registry", DAY, DAY))
    assert not pending_days(read(home))
    ledger.append(
        "release",
        {"release_id": "r", "inputs": [], "from_day": "2026-11-09", "to_day": "2026-11-15"},
    )
    assert pending_days(read(home)) == Days([days_after(6)])


def test_a_replay_is_pending_on_its_days_and_on_those_it_left(tmp_path: Path) -> None:
    """A released file, then a replay that moves its rows two days on: both days are run again."""
    home = Home(tmp_path)
    ledger = Ledger(home.ledger)
    sha = "c" * 64
    ledger.append("delivery", delivery(sha, "parcel_manifest", DAY, DAY))
    released = {"release_id": "r", "from_day": DAY.isoformat(), "to_day": days_after(2).isoformat()}
    ledger.append("release", {**released, "inputs": [sha]})
    assert not pending_days(read(home))
    moved = delivery(sha, "parcel_manifest", days_after(2), days_after(2))
    days = {"replaced_day_min": DAY.isoformat(), "replaced_day_max": DAY.isoformat()}
    ledger.append(
        "delivery", {**moved, "raw_file": f"raw/x/{sha}.{'d' * 12}.parquet", "replay": days}
    )
    assert pending_days(read(home)) == Days([DAY, days_after(2)])
    later = {"inputs": [f"{sha}.{'d' * 12}"], "from_day": days_after(2).isoformat()}
    ledger.append("release", {**released, **later})
    assert pending_days(read(home)) == Days([DAY, days_after(2)]), "the day it left still shows it"
    ledger.append("release", {**released, "inputs": []})
    assert not pending_days(read(home))
