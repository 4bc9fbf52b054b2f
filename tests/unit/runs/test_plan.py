"""The plan of a run follows from its past alone: examples by hand, and what holds of any past.

No file is opened here. That the past is read as it is: test_reading.py, test_held.py.
"""

from typing import Literal

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from foundation.errors import GateRefusal, UsageError
from runs.days.day_set import Days
from runs.days.model_days import Remodelled
from runs.days.past import Past
from runs.days.plan import RunPlan, held_days, pending_days, plan
from tests.support.told_past import Told, march

# --- by hand ------------------------------------------------------------------------------------


def why(planned: RunPlan) -> dict[int, dict[str, int]]:
    """Day of March -> reasons."""
    return {day.day: dict(reasons) for day, reasons in planned.why.items()}


def test_a_new_home_has_nothing_to_do() -> None:
    planned = plan(Told().past())
    assert (planned.days, planned.asked, planned.why) == (Days(), Days(), {})
    with pytest.raises(UsageError, match="nothing to compute on 2026-03-01"):
        plan(Told().past(), march(1))
    assert plan(Told().past(), march(1), even_if_empty=True).days == march(1)


def test_a_plain_day() -> None:
    """Two files of the 2nd, one of the 3rd; the 2nd published, the 3rd is pending."""
    told = Told()
    told.delivered("a", march(2))
    told.delivered("b", march(2))
    told.published("run-1", plan(told.past()))
    told.delivered("c", march(3))
    planned = plan(told.past())
    assert (planned.days, planned.set_aside) == (march(3), frozenset())
    assert why(planned) == {3: {"delivered": 1}}
    assert why(plan(told.past(), march(2, 3))) == {
        2: {"asked": 1}, 3: {"asked": 1, "delivered": 1}
    }  # fmt: skip


def test_what_is_amended_comes_along_and_says_so() -> None:
    """An amendment on the 9th of a record of the 2nd, and an untouched file of the 5th."""
    told = Told()
    told.delivered("a", march(2))
    told.published("run-1", plan(told.past()))
    told.delivered("b", march(9), links=march(2))
    told.delivered("c", march(5))
    planned = plan(told.past(), march(9))
    assert planned.days == march(2, 9)
    assert why(planned) == {2: {"amended": 1}, 9: {"asked": 1, "delivered": 1}}
    assert plan(told.past()).days == march(2, 5, 9)


def test_a_refused_day_stops_later_ones_and_comes_along() -> None:
    """The 2nd was refused. The 3rd alone is refused; the 1st may run and leaves the 2nd's delivery
    aside; both together, or no days at all, compute both."""
    told = Told()
    sha = told.delivered("a", march(2))
    told.started("run-1", march(2))
    told.ended("run-1", "refused")
    told.delivered("b", march(3))
    told.delivered("c", march(1))
    with pytest.raises(GateRefusal, match=r"2026-03-02\.\.2026-03-02; run run-1 .*volume"):
        plan(told.past(), march(3))
    before = plan(told.past(), march(1))
    assert (before.days, before.set_aside) == (march(1, 2), frozenset([sha]))
    assert why(before) == {
        1: {"asked": 1, "delivered": 1}, 2: {"left_unpublished": 1, "set_aside": 1}
    }  # fmt: skip
    assert plan(told.past()).days == march(1, 2, 3)
    assert plan(told.past(), march(2, 3)).set_aside == frozenset()
    told.waived(march(2))
    waived = plan(told.past(), march(3))
    assert (waived.days, waived.set_aside) == (march(2, 3), frozenset([sha]))
    assert waived.waived == tuple(march(2))


def test_a_published_day_that_fails_again_is_held_though_nothing_of_it_is_pending() -> None:
    """And a discard from before the failure lets nothing go; one after it does."""
    told = Told()
    told.delivered("a", march(2))
    told.delivered("b", march(2))
    told.published("run-1", plan(told.past()))
    told.discarded("b")
    told.started("run-2", march(2))
    told.ended("run-2", "failed")
    told.delivered("c", march(3))
    assert set(held_days(told.past())) == set(march(2))
    with pytest.raises(GateRefusal):
        plan(told.past(), march(3))
    told.discarded("a")
    assert held_days(told.past()) == {}
    assert plan(told.past(), march(3)).days == march(2, 3)


def test_what_is_set_aside_brings_no_day_of_its_links() -> None:
    """One file has a row of the held 2nd and one of the 1st, which amends the 5th: it is set aside
    whole, so the 5th stays as it is."""
    told = Told()
    sha = told.delivered("a", march(1, 2), links=march(5))
    told.started("run-1", march(2))
    told.ended("run-1", "refused")
    planned = plan(told.past(), march(1))
    assert (planned.days, planned.set_aside) == (march(1, 2), frozenset([sha]))


def test_a_published_day_with_another_model_says_so() -> None:
    """Two risk types on the 2nd, one on the 4th, while a delivery of the 5th is pending."""
    told = Told()
    told.delivered("a", march(2, 3, 4))
    told.published("run-1", plan(told.past()))
    told.delivered("b", march(5))
    days = [(2, "splitting"), (2, "origin"), (4, "splitting")]
    told.remodelled = tuple(
        Remodelled(day, kind, "v2", None, 9) for number, kind in days for day in march(number)
    )
    planned = plan(told.past())
    assert planned.days == march(2, 4, 5)
    assert why(planned) == {
        2: {"model_changed": 2}, 4: {"model_changed": 1}, 5: {"delivered": 1}
    }  # fmt: skip
    assert why(plan(told.past(), march(3, 4))) == {
        3: {"asked": 1},
        4: {"asked": 1, "model_changed": 1},
    }


def test_a_replay_a_discard_and_a_state_say_so() -> None:
    told = Told()
    told.delivered("a", march(2))
    told.delivered("b", march(4))
    told.published("run-1", plan(told.past()))
    left = {"replaced_day_min": "2026-03-02", "replaced_day_max": "2026-03-02"}
    told.delivered("a", march(3), raw_file=f"raw/{'a' * 64}.2.parquet", replay=left)
    told.discarded("b")
    assert why(plan(told.past())) == {
        2: {"replayed": 1}, 3: {"delivered": 1}, 4: {"discarded": 1}
    }  # fmt: skip
    told.published("run-2", plan(told.past()))
    assert not plan(told.past()).days
    told.delivered("c", march(1), source="platform_registry")
    told.spoken_of = march(4)
    assert why(plan(told.past())) == {4: {"state_changed": 1}}
    told.spoken_of = Days()  # it speaks of no released day: the last one says "as of now"
    assert plan(told.past()).days == march(4)


def test_the_plan_is_told_as_json() -> None:
    told = Told()
    told.delivered("a", march(2))
    assert plan(told.past()).to_json() == {
        "asked": "2026-03-02..2026-03-02",
        "days": "2026-03-02..2026-03-02",
        "why": {"2026-03-02": {"delivered": 1}},
        "set_aside": [],
        "waived": [],
        "release_id": None,
    }


def test_what_was_not_read_is_not_guessed() -> None:
    """A past that was read for other days: an answer from half of it would be wrong."""
    told = Told()
    told.delivered("a", march(2, 9), links=march(5))
    told.rows.clear()
    with pytest.raises(KeyError):
        plan(told.past(), march(2))


# --- of any past --------------------------------------------------------------------------------

PROPERTY = settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
LAST = 6
SOME_DAYS = st.sets(st.integers(1, LAST), min_size=1, max_size=3).map(lambda days: march(*days))
ASKED = st.none() | SOME_DAYS
Event = tuple[Literal["deliver", "discard", "waive", "publish", "refuse", "kill"], Days, Days]
KINDS = ["deliver"] * 4 + ["publish", "refuse", "discard"] * 2 + ["kill", "waive"]
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.tuples(st.sampled_from(KINDS), SOME_DAYS, st.just(Days()) | SOME_DAYS),
    min_size=4,
    max_size=12,
)


def told_by(events: list[Event]) -> Told:
    """What these events leave. Runs are asked for like a person asks: a refused one did not run."""
    told, names = Told(), iter("abcdefghijklmnop")
    for number, (kind, days, links) in enumerate(events):
        if kind == "deliver":
            told.delivered(next(names), days, links=links)
        elif kind == "discard" and told.bodies:
            told.discarded(sorted(told.bodies)[number % len(told.bodies)])
        elif kind == "waive":
            told.waived(march(1, *(day.day for day in days)))
        else:
            run(told, f"run-{number}", kind, None if links else days)
    return told


def run(told: Told, run_id: str, how: str, asked: Days | None) -> None:
    try:
        planned = plan(told.past(), asked)
    except (GateRefusal, UsageError):
        return
    if planned.days and how == "publish":
        told.published(run_id, planned)
    elif planned.days:
        told.started(run_id, planned.days)
        if how == "refuse":
            told.ended(run_id, "refused")


def allowed(past: Past, asked: Days | None) -> RunPlan:
    """The plan; what a refused one would hold is no question, so that example is left out."""
    try:
        return plan(past, asked)
    except (GateRefusal, UsageError):
        reject()


@PROPERTY
@given(EVENTS, ASKED)
def test_a_plan_computes_what_was_asked_what_was_left_and_what_they_touch(
    events: list[Event], asked: Days | None
) -> None:
    past = told_by(events).past()
    planned = allowed(past, asked)
    assert planned.days >= set(past.left)
    assert planned.days >= planned.asked
    touched = {day for body in past.pending_windowed for day in past.touched(body)}
    assert planned.days <= {*planned.asked, *past.left, *touched}
    assert set(planned.why) == set(planned.days)
    assert all(planned.why[day] for day in planned.days) or asked is None


@PROPERTY
@given(EVENTS, ASKED)
def test_nothing_of_an_unpublished_run_comes_along_by_the_way(
    events: list[Event], asked: Days | None
) -> None:
    """Set aside is exactly what touches days that failed and were not asked for."""
    past = told_by(events).past()
    planned = allowed(past, asked)
    left = set(past.left) - set(planned.asked)
    assert planned.set_aside == {
        body["sha256"] for body in past.pending_windowed if left & set(past.rows_of(body))
    }


@PROPERTY
@given(EVENTS, ASKED)
def test_a_run_is_held_exactly_by_earlier_days_that_nobody_let_go(
    events: list[Event], asked: Days | None
) -> None:
    past = told_by(events).past()
    assume(asked is not None)
    assert asked is not None
    stopping = [day for day in held_days(past) if day not in asked and day < asked.to_day]
    try:
        plan(past, asked, even_if_empty=True)
    except GateRefusal:
        assert stopping
    else:
        assert not stopping
    plan(past, Days([*asked, *past.left]), even_if_empty=True)  # the first way out


@PROPERTY
@given(EVENTS, ASKED)
def test_days_are_refused_as_empty_exactly_when_nothing_is_there(
    events: list[Event], asked: Days | None
) -> None:
    told = told_by(events)
    past = told.past()
    assume(asked is not None)
    assert asked is not None
    standing = [entry.body for entry in past.entries.state.standing.values()]
    there = {day for body in standing for day in past.rows_of(body)}
    there |= {*past.left, *pending_days(past)}
    try:
        plan(past, asked)
    except UsageError:
        assert asked.isdisjoint(there)
    except GateRefusal:
        assume(False)
    else:
        assert not asked.isdisjoint(there)


@PROPERTY
@given(EVENTS)
def test_naming_the_pending_days_is_the_same_as_naming_none(events: list[Event]) -> None:
    past = told_by(events).past()
    planned = plan(past)
    assume(planned.days)
    named = plan(past, planned.asked)
    assert (named.days, named.set_aside) == (planned.days, planned.set_aside)


@PROPERTY
@given(EVENTS)
def test_after_everything_is_published_nothing_is_left_to_do(events: list[Event]) -> None:
    told = told_by(events)
    planned = plan(told.past())
    assume(planned.days)
    told.published("the-last-run", planned)
    after = plan(told.past())
    assert (after.days, after.past.pending, dict(after.past.left)) == (Days(), (), {})


def test_the_pasts_above_have_something_to_say() -> None:
    """Negative control of the properties: the events do lead to held, waived and set-aside days."""
    seen = {"held": 0, "set_aside": 0, "waived": 0, "amended": 0, "discarded": 0, "released": 0}

    @PROPERTY
    @given(EVENTS, ASKED)
    def look(events: list[Event], asked: Days | None) -> None:
        past = told_by(events).past()
        seen["released"] += bool(past.released.days)
        seen["held"] += bool(held_days(past))
        try:
            planned = plan(past, asked)
        except (GateRefusal, UsageError):
            return
        seen["set_aside"] += bool(planned.set_aside)
        seen["waived"] += bool(planned.waived)
        for reason in ("amended", "discarded"):
            seen[reason] += any(reason in reasons for reasons in planned.why.values())

    look()
    assert min(seen.values()) >= 3, seen
