"""Causes: what differs from the release that computed a day last, and nothing that came before."""

import datetime as dt
from pathlib import Path

import pytest

from foundation.home import Home
from ledger.chain import Ledger
from runs import dbt_project
from runs.days.causes import causes_of
from runs.days.day_set import Days
from tests.support.run_ledger import deliver
from tests.unit.runs.test_editions import load

DAY, OTHER, UNTOUCHED = dt.date(2026, 3, 2), dt.date(2026, 3, 9), dt.date(2026, 3, 5)


def release(home: Home, name: str, **changes: object) -> None:
    """A release of all three days under today's code and rules."""
    facts = {
        "run_id": name,
        "release_id": name,
        "days": str(Days([DAY, UNTOUCHED, OTHER])),
        "inputs": [],
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


def told(home: Home, *later: dt.date) -> dict[dt.date, tuple[str, ...]]:
    found = causes_of(home, [DAY, UNTOUCHED, OTHER], later)
    return {day: cause.reasons for day, cause in found.items()}


def test_nothing_new_is_no_reason(home: Home) -> None:
    assert told(home) == {DAY: (), UNTOUCHED: (), OTHER: ()}
    found = causes_of(home, [DAY], [])[DAY]
    assert (found.first_release, found.last_release, found.deliveries) == ("r1", "r1", ())


def test_a_day_that_no_release_computed_has_no_cause(home: Home) -> None:
    assert causes_of(home, [dt.date(2026, 1, 1)], []) == {}


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
    assert causes_of(home, [DAY], [])[DAY].deliveries == (late, changed)
    # What a release has taken in is no news for the next one.
    release(home, "r2")
    assert told(home)[DAY] == ()
    assert causes_of(home, [DAY], [])[DAY].first_release == "r1"


def test_a_discard_is_named_with_its_delivery(home: Home) -> None:
    Ledger(home.ledger).discard("a" * 64, "by mistake", "a tester")
    assert told(home) == {DAY: ("discarded",), UNTOUCHED: (), OTHER: ()}
    assert causes_of(home, [DAY], [])[DAY].deliveries == ("a" * 64,)


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
    found = causes_of(home, [DAY], [OTHER])
    assert found[OTHER].reasons == ("earlier_day",)
    assert found[DAY].reasons == ()
