"""Publications: a day is published by the first release that was to compute it and read a row."""

import datetime as dt
from pathlib import Path

import pytest

from foundation.home import Home
from ledger.chain import Ledger
from runs.days.day_set import Days
from runs.days.publications import first_releases
from tests.support.run_ledger import deliver

ONE, TWO, THREE, FOUR = (dt.date(2026, 3, day) for day in (2, 3, 4, 5))
DAYS = (ONE, TWO, THREE, FOUR)


def release(home: Home, name: str, days: list[dt.date], *inputs: str, ahead: str = "") -> None:
    facts = {"release_id": name, "days": str(Days(days)), "inputs": list(inputs)}
    later = {"later_days": [ahead] if ahead else []}
    Ledger(home.ledger).append("release", facts | later)


def first(home: Home) -> dict[dt.date, str]:
    return first_releases(home, Ledger(home.ledger).entries(), DAYS)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Rows of ONE and THREE in one file, read by r1 over ONE to THREE; FOUR computed ahead."""
    made = Home(tmp_path)
    deliver(made, "a", ("P1", ONE, "original"), ("P3", THREE, "original"))
    release(made, "r1", [ONE, TWO, THREE], "a" * 64, ahead=str(FOUR))
    return made


def test_a_day_ahead_and_a_day_without_rows_are_not_published(home: Home) -> None:
    """TWO lies between the ends of the file and among the days of the run, but nothing came."""
    assert first(home) == {ONE: "r1", THREE: "r1"}


def test_the_first_release_that_reads_a_row_publishes_the_day(home: Home) -> None:
    sha = deliver(home, "b", ("P2", TWO, "original"), ("P4", FOUR, "original"))
    # Asked for, but what came was set aside or came later.
    release(home, "r2", [TWO, FOUR], "a" * 64)
    assert first(home) == {ONE: "r1", THREE: "r1"}
    # Read, but only for the other day.
    release(home, "r3", [TWO], "a" * 64, sha)
    assert first(home) == {ONE: "r1", TWO: "r3", THREE: "r1"}
    release(home, "r4", [ONE, FOUR], "a" * 64, sha)
    assert first(home) == {ONE: "r1", TWO: "r3", THREE: "r1", FOUR: "r4"}


def test_a_raw_file_of_another_variant_is_known_by_its_input(home: Home) -> None:
    """A rotation of the key derives the same rows under another name."""
    sha = deliver(home, "b", ("P2", TWO, "original"))
    release(home, "r2", [TWO], f"{sha}.another-key")
    assert first(home)[TWO] == "r2"


def test_states_publish_no_day(home: Home) -> None:
    """Inspection results and the like speak of days; they are no figures of one."""
    body = {
        "source": "inspection_outcome", "sha256": "e" * 64, "status": "accepted", "accepted": 1,
        "day_min": str(FOUR), "day_max": str(FOUR), "raw_file": f"raw/x/{'e' * 64}.parquet",
    }  # fmt: skip
    Ledger(home.ledger).append("delivery", {**body, "file": "e.csv", "key_id": "demo"})
    release(home, "r2", [FOUR], "e" * 64)
    assert FOUR not in first(home)
