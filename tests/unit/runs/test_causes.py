"""Causes: what differs from the release that computed a day last, and nothing that came before."""

import datetime as dt
from pathlib import Path

import pytest

from foundation.home import Home
from ledger.chain import Ledger
from ledger.entries import standing_deliveries
from runs import dbt_project
from runs.days.causes import causes_of
from runs.days.day_set import Days
from serving.revisions import DayCauses
from tests.support.run_ledger import deliver
from tests.unit.runs.test_editions import load

DAY, OTHER, UNTOUCHED = dt.date(2026, 3, 2), dt.date(2026, 3, 9), dt.date(2026, 3, 5)
DAYS = (DAY, UNTOUCHED, OTHER)


def standing(home: Home) -> list[str]:
    """The names of all raw files that count: what a run reads that leaves nothing out."""
    return [e.body["sha256"] for e in standing_deliveries(Ledger(home.ledger).entries())]


def release(home: Home, name: str, **changes: object) -> None:
    """A release of all three days and all inputs under today's code and rules."""
    facts = {
        "run_id": name,
        "release_id": name,
        "days": str(Days(DAYS)),
        "inputs": standing(home),
        "code_sha256": dbt_project.code_hash(),
        "seeds_sha256": dbt_project.seeds_hash(),
    }
    Ledger(home.ledger).append("release", {**facts, **changes})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one delivery and one release of it."""
    made = Home(tmp_path)
    deliver(made, "a", ("FIRST", DAY, "original"), ("GONE", DAY, "original"))
    release(made, "r1")
    return made


def causes(home: Home, *later: dt.date) -> dict[dt.date, DayCauses]:
    return causes_of(home, [day for day in DAYS if day not in later], later, standing(home))


def told(home: Home, *later: dt.date) -> dict[dt.date, tuple[str, ...]]:
    return {day: cause.reasons for day, cause in causes(home, *later).items()}


def test_nothing_new_is_no_reason(home: Home) -> None:
    assert told(home) == {DAY: (), UNTOUCHED: (), OTHER: ()}
    assert causes(home)[DAY].deliveries == ()


def test_a_day_that_no_release_computed_has_no_cause(home: Home) -> None:
    assert causes_of(home, [dt.date(2026, 1, 1)], [], standing(home)) == {}


def test_rows_that_came_since_are_late_amended_or_cancelled(home: Home) -> None:
    late = deliver(home, "b", ("LATE", DAY, "original"))
    assert told(home)[DAY] == ("late",)
    # An amendment and a cancellation reach the day of what they change, too.
    changed = deliver(home, "c", ("FIRST", OTHER, "amended"), ("GONE", OTHER, "cancelled"))
    assert told(home) == {
        DAY: ("cancelled", "amended", "late"),
        UNTOUCHED: (),
        OTHER: ("cancelled", "amended"),
    }
    assert causes(home)[DAY].deliveries == (late, changed)
    # What a release has taken in is no news for the next one.
    release(home, "r2")
    assert told(home)[DAY] == ()


def test_rows_of_a_source_without_versions_are_late_and_nothing_else(home: Home) -> None:
    """A listing is seen at a moment: no later row amends or cancels it."""
    seen = deliver(home, "b", ("plx", DAY, ""), ("plx", OTHER, ""), source="listing_observation")
    assert told(home) == {DAY: ("late",), UNTOUCHED: (), OTHER: ("late",)}
    assert causes(home)[OTHER].deliveries == (seen,)


def test_what_came_while_the_run_before_went_on_is_a_cause_of_the_next(home: Home) -> None:
    """Its entry stands before that of the release, which did not read it."""
    read = standing(home)
    late = deliver(home, "b", ("LATE", DAY, "original"))
    release(home, "r2", inputs=read)
    assert told(home)[DAY] == ("late",)
    assert causes(home)[DAY].deliveries == (late,)


def test_what_the_run_sets_aside_is_no_cause(home: Home) -> None:
    read = standing(home)
    deliver(home, "b", ("LATE", DAY, "original"))
    assert causes_of(home, [DAY], [], read)[DAY] == DayCauses()
    # Nor is its discard later: no release ever held it.
    Ledger(home.ledger).discard("b" * 64, "half a day", "a tester")
    assert told(home)[DAY] == ()


def test_a_discard_is_named_with_its_delivery(home: Home) -> None:
    Ledger(home.ledger).discard("a" * 64, "by mistake", "a tester")
    assert told(home) == {DAY: ("discarded",), UNTOUCHED: (), OTHER: ()}
    assert causes(home)[DAY].deliveries == ("a" * 64,)
    release(home, "r2")
    assert told(home)[DAY] == ()


def test_rules_code_and_reference_data_are_told_apart(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(home, "20", DAY)
    release(home, "r1")
    load(home, "12", OTHER)
    assert told(home) == {DAY: (), UNTOUCHED: (), OTHER: ("reference_change",)}
    load(home, "12", DAY)
    assert told(home)[UNTOUCHED] == ("reference_change",)
    release(home, "r2")
    monkeypatch.setattr(dbt_project, "seeds_hash", lambda: "e" * 64)
    assert told(home)[UNTOUCHED] == ("rule_change",)
    monkeypatch.setattr(dbt_project, "code_hash", lambda: "f" * 64)
    assert told(home)[UNTOUCHED] == ("rule_change", "code_change")


def test_a_later_day_says_that_an_earlier_one_changed(home: Home) -> None:
    # A row that waits for OTHER is not read by a run that only computes the risk of OTHER again.
    waiting = deliver(home, "b", ("LATE", OTHER, "original"))
    assert told(home, OTHER) == {DAY: (), UNTOUCHED: (), OTHER: ("earlier_day",)}
    # That run does not make it old: it is news for the run that reads it.
    release(home, "r2", days=str(Days([DAY])), inputs=["a" * 64], later_days=[str(OTHER)])
    assert told(home)[OTHER] == ("late",)
    assert causes(home)[OTHER].deliveries == (waiting,)
