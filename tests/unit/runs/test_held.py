"""Held days: a failed run blocks later days until published, waived or discarded; nothing leaks."""

import datetime as dt
from pathlib import Path

import pytest

from foundation.errors import ExitCode, GateRefusal
from foundation.home import Home
from ledger.chain import Ledger
from runs.days.day_set import Days
from runs.days.plan import held_days
from runs.days.reading import plan_now, read
from runs.days.run_entries import ended, extended, started, unpublished
from tests.support.run_ledger import deliver, publish

FAILED, NEXT, OTHER = dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 9)
WAIVER = """
gate = "{gate}"
source = "run"
rule = "failed_days"
from_day = 2026-03-02
to_day = 2026-03-02
reason = "The carrier sends the day again next week; later days do not wait for it."
signed_by = "Head of the data room"
signed_on = 2026-03-04
"""


def day(value: dt.date) -> Days:
    return Days([value])


@pytest.fixture
def failed(tmp_path: Path) -> tuple[Home, str]:
    """A home whose run over FAILED was refused by a gate; the next day is delivered too."""
    home = Home(tmp_path)
    sha = deliver(home, "a", ("W1", FAILED, "original"))
    started(home, "run-1", day(FAILED), Ledger(home.ledger).entries())
    ended(home, "run-1", day(FAILED), "refused", "parcel_manifest.volume_plausible")
    deliver(home, "b", ("X1", NEXT, "original"))
    return home, sha


def test_a_later_day_alone_is_refused_with_days_cause_and_ways_out(
    failed: tuple[Home, str],
) -> None:
    home, _ = failed
    with pytest.raises(GateRefusal) as refused:
        plan_now(home, day(NEXT))
    assert refused.value.exit_code == ExitCode.REFUSED_BY_GATE
    text = str(refused.value)
    for told in ("2026-03-02..2026-03-02", "run-1", "volume_plausible", "waiver", "discard"):
        assert told in text
    assert {d: run.what for d, run in held_days(read(home)).items()} == {
        FAILED: "refused: parcel_manifest.volume_plausible"
    }
    # Without days the next run takes the held day along.
    assert plan_now(home).asked == Days.between(FAILED, NEXT)
    assert plan_now(home, Days.between(FAILED, NEXT)).set_aside == frozenset()


def test_without_a_failed_run_nothing_is_held(tmp_path: Path) -> None:
    """Negative control: the same deliveries, no run."""
    home = Home(tmp_path)
    deliver(home, "a", ("W1", FAILED, "original"))
    deliver(home, "b", ("X1", NEXT, "original"))
    assert plan_now(home, day(NEXT)).days == day(NEXT)
    assert held_days(read(home)) == {}


def test_a_published_day_is_held_no_longer(failed: tuple[Home, str]) -> None:
    home, sha = failed
    started(home, "run-2", day(FAILED), Ledger(home.ledger).entries())
    publish(home, "run-2", day(FAILED), sha)
    assert held_days(read(home)) == {}
    assert plan_now(home, day(NEXT)).days == day(NEXT)


def test_a_signed_waiver_lets_later_days_go_on_without_the_held_deliveries(
    failed: tuple[Home, str],
) -> None:
    home, sha = failed
    home.waivers.mkdir()
    (home.waivers / "w.toml").write_text(WAIVER.format(gate="hold"), encoding="utf-8")
    planned = plan_now(home, day(NEXT))
    # The held day comes along as it was published: what the failed run left there must not leak.
    assert planned.days == Days.between(FAILED, NEXT)
    assert planned.set_aside == {sha}
    assert planned.waived == (FAILED,)


@pytest.mark.parametrize(
    "text",
    [
        WAIVER.format(gate="hold").replace("Head of the data room", ""),
        WAIVER.format(gate="hold").replace("2026-03-02", "2026-03-01"),
        WAIVER.format(gate="hold").replace('"failed_days"', '"anything"'),
        WAIVER.format(gate="gate1"),
    ],
    ids=["unsigned", "other days", "other rule", "other gate"],
)
def test_a_waiver_that_does_not_cover_the_day_waives_nothing(
    failed: tuple[Home, str], text: str
) -> None:
    home, _ = failed
    home.waivers.mkdir()
    (home.waivers / "w.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GateRefusal):
        plan_now(home, day(NEXT))


def test_discarding_its_delivery_frees_a_day_and_empties_it(failed: tuple[Home, str]) -> None:
    home, sha = failed
    Ledger(home.ledger).discard(sha, "half a day", "a tester")
    planned = plan_now(home, day(NEXT))
    assert planned.days == Days.between(FAILED, NEXT)
    assert planned.set_aside == frozenset()
    assert held_days(read(home)) == {}


def test_a_discard_of_one_of_two_deliveries_frees_nothing(failed: tuple[Home, str]) -> None:
    home, sha = failed
    deliver(home, "c", ("W2", FAILED, "original"))
    Ledger(home.ledger).discard(sha, "half a day", "a tester")
    with pytest.raises(GateRefusal):
        plan_now(home, day(NEXT))


def test_an_earlier_day_may_run_and_leaves_the_held_delivery_aside(
    failed: tuple[Home, str],
) -> None:
    home, sha = failed
    before = FAILED - dt.timedelta(days=1)
    deliver(home, "d", ("V1", before, "original"))
    planned = plan_now(home, day(before))
    assert planned.days == Days.between(before, FAILED)
    assert planned.set_aside == {sha}


def test_a_killed_run_holds_all_days_it_had_begun_to_change(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sha = deliver(home, "b", ("X1", NEXT, "original"))
    started(home, "run-0", day(NEXT), Ledger(home.ledger).entries())
    publish(home, "run-0", day(NEXT), sha)
    started(home, "run-1", day(FAILED), Ledger(home.ledger).entries())
    # OTHER was computed ahead, for results known on a day of which nothing has come: no run is to
    # publish it before.
    extended(home, "run-1", Days([NEXT, OTHER]))
    found = unpublished(Ledger(home.ledger).entries())
    assert set(found) == {FAILED, NEXT}
    assert "died" in found[NEXT].what
    # Its own release cleans both.
    publish(home, "run-1", day(FAILED))
    assert unpublished(Ledger(home.ledger).entries()) == {}


def test_the_day_of_what_is_amended_comes_along(tmp_path: Path) -> None:
    """Published without it, the record would stand on two days."""
    home = Home(tmp_path)
    first = deliver(home, "a", ("MOVED", FAILED, "original"), ("STAYS", FAILED, "original"))
    started(home, "run-1", day(FAILED), Ledger(home.ledger).entries())
    publish(home, "run-1", day(FAILED), first)
    deliver(home, "b", ("MOVED", OTHER, "amended"))
    assert plan_now(home, day(OTHER)).days == Days([FAILED, OTHER])
    # Negative control: an original brings no other day.
    deliver(home, "c", ("NEW", NEXT, "original"))
    assert plan_now(home, day(NEXT)).days == day(NEXT)
