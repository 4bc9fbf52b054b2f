"""Days on which there is nothing to compute publish nothing, whoever asks: a slip is refused, and
work that finds nothing pending says so."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from dagster_project.definitions import defs
from foundation.errors import UsageError
from foundation.home import HOME_VARIABLE, Home
from ledger.chain import Ledger
from runs.days.day_set import Days
from runs.days.reading import plan_now
from runs.days.run_entries import ended, started
from tests.support.cli import ImportRisk
from tests.support.run_ledger import deliver, header_only, publish

pytestmark = pytest.mark.slow

SECOND, FIFTH, NINTH = (dt.date(2026, 3, day) for day in (2, 5, 9))
MISTYPED = dt.date(2030, 1, 1)
SENTENCE = "there is nothing to compute on"


def day(value: dt.date) -> Days:
    return Days([value])


def march(first: int, last: int) -> Days:
    return Days.between(dt.date(2026, 3, first), dt.date(2026, 3, last))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """One delivery with rows on the 2nd and on the 9th, in a release."""
    made = Home(tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(made.root))
    rows = [("W1", SECOND, "original"), ("W2", NINTH, "original")]
    publish(made, "run-1", march(2, 9), deliver(made, "a", *rows))
    return made


def withdrawn_unread(home: Home) -> None:
    Ledger(home.ledger).discard(deliver(home, "b", ("X", FIFTH, "original")), "wrong file", "me")


def withdrawn_after_a_release(home: Home) -> None:
    sha = deliver(home, "b", ("X", FIFTH, "original"))
    publish(home, "run-2", day(FIFTH), sha)
    Ledger(home.ledger).discard(sha, "wrong file", "me")


def withdrawn_and_published_since(home: Home) -> None:
    withdrawn_after_a_release(home)
    publish(home, "run-3", day(FIFTH))


def left_by_a_failed_run(home: Home) -> None:
    sha = deliver(home, "b", ("X", FIFTH, "original"))
    started(home, "run-2", day(FIFTH), Ledger(home.ledger).entries())
    ended(home, "run-2", day(FIFTH), "refused", "volume")
    Ledger(home.ledger).discard(sha, "wrong file", "me")


# what happened besides -> the days asked -> whether there is something to compute
CASES: list[tuple[Callable[[Home], object], Days, bool]] = [
    (lambda home: None, day(MISTYPED), False),
    (lambda home: None, day(FIFTH), False),  # between the ends of the delivery, without a row
    (lambda home: None, march(3, 8), False),
    (lambda home: None, march(2, 5), True),  # a part of the range has rows
    (lambda home: None, march(5, 9), True),
    (lambda home: None, march(1, 31), True),
    (lambda home: None, day(NINTH), True),  # published before: may be computed again
    (lambda home: None, march(10, 31), False),
    (lambda home: header_only(home, "b", received=FIFTH), day(FIFTH), False),
    (withdrawn_unread, day(FIFTH), False),
    (withdrawn_after_a_release, day(FIFTH), True),  # readers still see the withdrawn row
    (withdrawn_and_published_since, day(FIFTH), False),
    (left_by_a_failed_run, day(FIFTH), True),  # what the failed run left must go
]


@pytest.mark.parametrize(("happened", "asked", "something"), CASES)
def test_what_counts_as_something_to_compute(
    home: Home, happened: Callable[[Home], object], asked: Days, something: bool
) -> None:
    happened(home)
    if something:
        plan_now(home, asked)
        return
    with pytest.raises(UsageError, match=SENTENCE) as refused:
        plan_now(home, asked)
    assert str(asked) in refused.value.what
    assert "--even-if-empty" in refused.value.remedy


def test_a_state_is_something_on_the_last_released_day_though_it_has_no_rows(home: Home) -> None:
    publish(home, "run-2", march(10, 10))
    with pytest.raises(UsageError):  # negative control
        plan_now(home, march(10, 10))
    body = {
        "file": "r.csv", "source": "platform_registry", "sender": "standard", "sha256": "c" * 64,
        "status": "accepted", "accepted": 0, "day_min": "2026-03-01", "day_max": "2026-03-01",
        "key_id": "demo",
    }  # fmt: skip
    Ledger(home.ledger).append("delivery", body)
    plan_now(home, march(10, 10))


def tree(home: Home) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(home.root)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(home.root.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def test_a_mistyped_day_is_refused_and_nothing_is_written(home: Home) -> None:
    before, command = tree(home), ImportRisk(home.root)
    assert SENTENCE in command("run", "--day", MISTYPED, code=2).err
    assert SENTENCE in command("run", "--from", FIFTH, "--to", "2026-03-08", code=2).err
    assert tree(home) == before


def test_a_run_with_nothing_pending_ends_well_and_writes_nothing(home: Home) -> None:
    before, command = tree(home), ImportRisk(home.root)
    assert "nothing to do: every accepted delivery" in command("run").out
    told = command("run", "--json").json
    assert (told["status"], told["release_id"]) == ("nothing_to_do", None)
    assert tree(home) == before
    assert "about days that are named" in command("run", "--even-if-empty", code=2).err


@pytest.fixture(scope="module")
def location() -> dg.Definitions:
    return defs()


def test_a_run_of_dagster_over_an_empty_day_is_refused_and_leaves_no_evidence(
    location: dg.Definitions, home: Home
) -> None:
    before = tree(home)
    job = location.resolve_implicit_global_asset_job_def()
    done = job.execute_in_process(partition_key=str(FIFTH), raise_on_error=False)
    [failure] = [event for event in done.all_events if event.is_job_failure]
    assert SENTENCE in failure.job_failure_data.error.to_string()
    assert tree(home) == before


def ticks(location: dg.Definitions, day: int) -> list[dg.RunRequest | str]:
    """What the schedule asks for at 06:00 of that day in March, and what the sensor asks for."""
    repository = location.get_repository_def()
    at = dt.datetime(2026, 3, day, 6, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    schedule = repository.get_schedule_def("daily_at_06_00").evaluate_tick(
        dg.build_schedule_context(scheduled_execution_time=at, repository_def=repository)
    )
    sensor = repository.get_sensor_def("landing_sensor").evaluate_tick(
        dg.build_sensor_context(repository_def=repository)
    )
    return [
        tick.run_requests[0] if tick.run_requests else str(tick.skip_message)
        for tick in (schedule, sensor)
    ]


def test_schedule_and_sensor_with_nothing_to_do_start_no_run_and_say_so(
    location: dg.Definitions, home: Home
) -> None:
    for told in ticks(location, 11):
        assert isinstance(told, str)
        assert told.startswith("nothing to do")
        assert "every accepted delivery and edition is in a release" in told


def test_the_schedule_asks_for_the_pending_days_that_have_ended(
    location: dg.Definitions, home: Home
) -> None:
    """At 06:00 of the 10th: the late 5th, not the 10th that is still coming in."""
    deliver(home, "b", ("LATE", FIFTH, "original"))
    deliver(home, "c", ("TODAY", dt.date(2026, 3, 10), "original"))
    schedule, sensor = ticks(location, 10)
    assert isinstance(schedule, dg.RunRequest)
    assert schedule.tags["import_risk/days"] == "2026-03-05..2026-03-05"
    assert schedule.partition_key == "2026-03-05"
    assert isinstance(sensor, dg.RunRequest)
    assert sensor.tags["import_risk/days"] == "2026-03-05..2026-03-05,2026-03-10..2026-03-10"
    # On the next morning the day has ended.
    schedule, _ = ticks(location, 11)
    assert isinstance(schedule, dg.RunRequest)
    assert schedule.tags["import_risk/days"] == "2026-03-05..2026-03-05,2026-03-10..2026-03-10"
