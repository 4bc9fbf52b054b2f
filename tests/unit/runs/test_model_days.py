"""Models: exactly the published days of which a promotion changes the version are pending.

Which version counts on a day is tests/unit/ledger/test_model_periods.py; how a version comes to
count, test_model_registry.py.
"""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from foundation.home import Home
from ingest.items.raw_tables import item_tables
from ingest.model_tables import model_tables
from ledger.chain import Ledger
from ledger.model_periods import ITEM_NAMES
from runs import dbt_project
from runs.days import run_entries
from runs.days.causes import causes_of
from runs.days.day_set import Days
from runs.days.model_days import SCORED, described, of_days, read_from, remodelled
from runs.days.plan import pending_days, plan
from runs.days.reading import read
from runs.model_registry import store_item_names
from tests.support.raw_fixture import build_raw
from tests.support.risk_models import candidate, document, promoted, retired
from tests.support.run_ledger import deliver
from tests.unit.ingest.items.test_document import TABLE

EARLY, MIDDLE, LATE = (dt.date(2026, 3, day) for day in (2, 10, 20))
DAYS = (EARLY, MIDDLE, LATE)
ONE_DAY = dt.timedelta(days=1)
TYPE = "undervaluation"


def release(home: Home, name: str, days: Iterable[dt.date], *later: dt.date) -> None:
    """A run over these days, and the risk of `later`, that was published."""
    computed, entries = Days(days), Ledger(home.ledger).entries()
    run_entries.started(home, name, computed, entries)
    facts = {
        "run_id": name, "release_id": name, "days": str(computed), "inputs": ["a" * 64],
        "later_days": [day.isoformat() for day in later],
        "models": of_days(entries, [*computed, *later]),
        "code_sha256": dbt_project.code_hash(), "seeds_sha256": dbt_project.seeds_hash(),
    }  # fmt: skip
    Ledger(home.ledger).append("release", facts)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three published days, scored with the expert's points."""
    made = Home(tmp_path / "home")
    deliver(made, "a", *((f"P{day}", day, "original") for day in DAYS))
    release(made, "r1", DAYS)
    assert not pending_days(read(made))
    return made


def pending(home: Home) -> tuple[dt.date, ...]:
    return tuple(pending_days(read(home)))


def reasons(home: Home, *later: dt.date) -> dict[dt.date, tuple[str, ...]]:
    own = [day for day in DAYS if day not in later]
    return {day: one.reasons for day, one in causes_of(home, own, later, ["a" * 64]).items()}


def test_a_candidate_makes_nothing_pending(home: Home) -> None:
    candidate(home)
    assert pending(home) == ()


@pytest.mark.parametrize(
    ("first", "days"),
    [
        (LATE + ONE_DAY, ()),  # for days to come
        (LATE, (LATE,)),
        (MIDDLE + ONE_DAY, (LATE,)),
        (MIDDLE, (MIDDLE, LATE)),
        (EARLY - ONE_DAY, DAYS),
    ],
)
def test_exactly_the_published_days_since_are_pending(
    home: Home, first: dt.date, days: tuple[dt.date, ...]
) -> None:
    promoted(home, candidate(home), first)
    assert pending(home) == days


def test_a_promotion_and_what_it_changes_are_named(home: Home) -> None:
    version = candidate(home)
    promoted(home, version, MIDDLE)
    assert described(remodelled(home, Ledger(home.ledger).entries())) == [
        {"risk_type": TYPE, "model_version": version,
         "days": f"{MIDDLE}..{MIDDLE},{LATE}..{LATE}"}
    ]  # fmt: skip
    assert {day: dict(why) for day, why in plan(read(home)).why.items()} == {
        MIDDLE: {"model_changed": 1}, LATE: {"model_changed": 1},
    }  # fmt: skip
    assert reasons(home) == {EARLY: (), MIDDLE: ("model_change",), LATE: ("model_change",)}
    sha256 = causes_of(home, [LATE], [], ["a" * 64])[LATE].deliveries
    assert [len(one) for one in sha256] == [64]
    release(home, "r2", [MIDDLE, LATE])
    assert pending(home) == ()
    assert reasons(home)[LATE] == ()


def test_the_way_back_makes_the_days_pending_again(home: Home) -> None:
    first, second = candidate(home), candidate(home, -1400)
    promoted(home, first, EARLY)
    release(home, "r2", DAYS)
    promoted(home, second, MIDDLE)
    assert pending(home) == (MIDDLE, LATE)
    # Back before anything was computed with it: as if nothing had been.
    promoted(home, first, MIDDLE)
    assert pending(home) == ()
    assert reasons(home)[LATE] == ()
    promoted(home, second, MIDDLE)
    release(home, "r3", [MIDDLE, LATE])
    promoted(home, first, LATE)
    assert pending(home) == (LATE,)
    release(home, "r4", [LATE])
    assert pending(home) == ()
    retired(home, MIDDLE)
    assert pending(home) == (MIDDLE, LATE)
    assert described(remodelled(home, Ledger(home.ledger).entries()))[0]["model_version"] is None
    release(home, "r5", [MIDDLE, LATE])
    assert pending(home) == ()


def test_a_version_promoted_again_changes_no_day_that_has_it(home: Home) -> None:
    version = candidate(home)
    promoted(home, version, EARLY)
    release(home, "r2", DAYS)
    promoted(home, version, MIDDLE, reason="confirmed")
    assert pending(home) == ()


def test_risk_types_are_compared_each_for_itself(home: Home) -> None:
    promoted(home, candidate(home), EARLY)
    promoted(home, candidate(home, risk_type="origin"), LATE)
    found = remodelled(home, Ledger(home.ledger).entries())
    assert [(one.risk_type, one.day) for one in found] == [
        ("origin", LATE), (TYPE, EARLY), (TYPE, MIDDLE), (TYPE, LATE),
    ]  # fmt: skip
    assert plan(read(home)).why[LATE] == {"model_changed": 2}
    release(home, "r2", [LATE])
    assert pending(home) == (EARLY, MIDDLE)


def test_a_later_day_is_known_by_the_model_that_scored_it_last(home: Home) -> None:
    """A run of the 2nd makes the risk of the 20th again, with what is promoted by then."""
    version = candidate(home)
    promoted(home, version, LATE)
    assert reasons(home, LATE)[LATE] == ("model_change", "earlier_day")
    release(home, "r2", [EARLY], LATE)
    assert pending(home) == ()
    assert reasons(home, LATE)[LATE] == ("earlier_day",)
    retired(home, LATE)
    assert pending(home) == (LATE,)
    release(home, "r3", [EARLY], LATE)
    assert pending(home) == ()


def test_the_start_of_a_run_tells_when_its_release_does_not(home: Home) -> None:
    version = candidate(home)
    promoted(home, version, MIDDLE)
    run_entries.started(home, "r2", Days(DAYS), Ledger(home.ledger).entries())
    (entry,) = [e for e in Ledger(home.ledger).entries() if e.body.get("run_id") == "r2"]
    assert entry.body["models"] == {TYPE: {version: f"{MIDDLE}..{MIDDLE},{LATE}..{LATE}"}}
    facts = {"run_id": "r2", "release_id": "r2", "days": str(Days(DAYS)), "inputs": ["a" * 64]}
    Ledger(home.ledger).append("release", facts)
    assert pending(home) == ()
    # One that names no run at all had no models: it is from before there were any.
    Ledger(home.ledger).append("release", {**facts, "run_id": "r3"})
    assert pending(home) == (MIDDLE, LATE)


def test_a_day_that_a_release_holds_no_rows_of_is_left_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = {
        str(MIDDLE): f"{SCORED}/empty/e.parquet",
        str(LATE): f"{SCORED}/day={LATE}/f.parquet",
    }
    folder = home.releases / "r1"
    folder.mkdir(parents=True)
    (folder / "history.json").write_text(json.dumps({SCORED: listing}))
    fake = type("Fake", (), {"folder": folder})
    monkeypatch.setattr("runs.days.editions.release.current", lambda _: fake)
    promoted(home, candidate(home), MIDDLE)
    assert pending(home) == (LATE,)


def test_what_was_registered_says_the_same_as_the_ledger(home: Home) -> None:
    """And goes on to say what the run read, when a version is promoted meanwhile."""
    promoted(home, candidate(home), MIDDLE)
    promoted(home, candidate(home, risk_type="origin"), EARLY)
    retired(home, LATE, "origin")
    promoted(home, store_item_names(home, TABLE), MIDDLE)
    entries = Ledger(home.ledger).entries()
    with duckdb.connect() as connection:
        build_raw(connection, {}, (EARLY, LATE))
        made = model_tables(home, entries) | item_tables(connection, home, entries, DAYS)
        for build in made.values():
            connection.execute(f"create or replace {build()}")
        promoted(home, candidate(home, -1400), EARLY)
        assert read_from(connection, DAYS) == of_days(entries, DAYS)
        assert read_from(connection, DAYS) != of_days(Ledger(home.ledger).entries(), DAYS)
        read_by_run = read_from(connection, DAYS)
    found = causes_of(home, DAYS, [], ["a" * 64], read_by_run)
    assert found[EARLY].reasons == ("model_change",)  # by origin, not by what came meanwhile
    assert found[LATE].reasons == ("model_change",)
    none = causes_of(home, DAYS, [], ["a" * 64], {})
    assert {one.reasons for one in none.values()} == {()}


def test_a_table_of_item_names_makes_its_days_pending_and_no_later_day_is_told_of_it(
    home: Home,
) -> None:
    """A day whose risk alone is made again keeps the headings that it has: it stays pending."""
    version = store_item_names(home, TABLE)
    promoted(home, version, MIDDLE)
    assert pending(home) == (MIDDLE, LATE)
    with duckdb.connect() as connection:
        build_raw(connection, {}, (MIDDLE, LATE))
        entries = Ledger(home.ledger).entries()
        for build in item_tables(connection, home, entries, DAYS).values():
            connection.execute(f"create or replace {build()}")
        models = read_from(connection, [MIDDLE], [LATE])
    assert models == {ITEM_NAMES: {version: str(Days([MIDDLE]))}}
    found = causes_of(home, [MIDDLE], [LATE], ["a" * 64], models)
    assert found[MIDDLE].reasons == ("model_change",)
    assert found[LATE].reasons == ("earlier_day",)
    facts = {
        "run_id": "r2", "release_id": "r2", "days": str(Days([MIDDLE])), "inputs": ["a" * 64],
        "later_days": [LATE.isoformat()], "models": models,
        "code_sha256": dbt_project.code_hash(), "seeds_sha256": dbt_project.seeds_hash(),
    }  # fmt: skip
    Ledger(home.ledger).append("release", facts)
    assert pending(home) == (LATE,)
    release(home, "r3", [LATE])
    assert pending(home) == ()
    # A later day that has the table keeps it when only its risk is made again.
    release(home, "r4", [EARLY], LATE)
    assert pending(home) == ()


def test_a_lost_document_stops_no_plan(home: Home) -> None:
    """Which days are pending follows from the ledger; the run that reads the file names it."""
    version = candidate(home)
    promoted(home, version, LATE)
    document(home, version).unlink()
    assert pending(home) == (LATE,)
