"""What a run computes, worked out from the past alone: no file is read here, nothing is written.

Defines: `RunPlan`, `plan`, `pending_days` and `held_days`. Add here another reason why a day comes
along or must wait. Keep out: reading (reading.py) and running (steps.py).

A run over days W that does not publish leaves rows of W in the working database that nobody
approved, and a past that later days would rest on. So until W is published
- every run computes W too; nothing of an unpublished run can reach a release by the way;
- a run over later days that was not asked for W is refused, unless W is waived (a signed file) or
  the deliveries that brought W were discarded. W is then computed from what was published: its
  pending deliveries are set aside, and stay pending.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from contracts.base import FIRST_DAY
from foundation.errors import GateRefusal, UsageError
from runs.days.day_set import Days
from runs.days.past import Past, discarded_bodies, is_windowed, replaced_days
from runs.days.run_entries import FailedRun

NOTHING_PENDING = (
    "every accepted delivery and edition is in a release, every risk model in its days"
)
_SHOWN_DAYS = 10


@dataclass(frozen=True)
class RunPlan:
    """What a run computes.

    asked: the days asked for; without any, those that are pending or were left. days: they, and
    those that must come along; none when there is nothing to do. set_aside: sha256 of pending
    deliveries that it reads as if they had never come. waived: days that wait by a signed waiver.
    why: day -> what brings it into the run -> how often. past: what it was planned from.
    """

    past: Past
    asked: Days
    days: Days
    set_aside: frozenset[str]
    waived: tuple[dt.date, ...]
    why: Mapping[dt.date, Mapping[str, int]]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "asked": str(self.asked) or None,
            "days": str(self.days) or None,
            "why": {day.isoformat(): dict(reasons) for day, reasons in self.why.items()},
            "set_aside": sorted(self.set_aside),
            "waived": [day.isoformat() for day in self.waived],
            "release_id": self.past.release_id,
        }


def plan(past: Past, asked: Days | None = None, *, even_if_empty: bool = False) -> RunPlan:
    """What a run over the days `asked` computes; without days: everything that is pending or left.

    Raises GateRefusal when an earlier held day is not among them: its message names the days, what
    failed and the ways out. Raises UsageError when there is nothing to compute on the days asked
    for: a slip is mostly such a day (even_if_empty: it is none).
    """
    named = asked or Days()
    if asked is None:
        asked = Days([*pending_days(past), *past.left])
    else:
        _require_free(past, asked)
        if not even_if_empty:
            _require_something(past, asked)
    left = past.left.keys() - set(asked)
    set_aside = {
        body["sha256"] for body in past.pending_windowed if not left.isdisjoint(past.rows_of(body))
    }
    coming = [
        body
        for body in past.pending_windowed
        if body["sha256"] not in set_aside and not asked.isdisjoint(past.rows_of(body))
    ]
    own = {day for body in coming for day in past.rows_of(body)}
    # Where they amend or cancel: an amendment published without its original's day is a second
    # copy of the record.
    amended = {day for body in coming for day in past.touched(body)} - own
    days = Days([*asked, *past.left, *amended])
    brought = {"asked": named, "left_unpublished": past.left, "amended": amended}
    why = _why(past, days, brought, set_aside)
    waived = tuple(sorted(_waived(past) & left))
    return RunPlan(past, asked, days, frozenset(set_aside), waived, why)


def pending_days(past: Past) -> Days:
    """Exactly the days that pending deliveries touch, those that another edition of a reference
    list would change, and those that another risk model counts for than scored them.

    Touched are the days of their rows, the days on which they amend or cancel a record, and the
    days that held rows which a replay or a discard took away. A state (platform registry, rates,
    inspection results) touches the held days that its changed rows speak of, and when it speaks of
    none, the last held day; before the first release it touches nothing.
    """
    assert past.spoken_of is not None
    assert past.superseded is not None, "read for these days only"
    assert past.remodelled is not None
    gone = [(entry.body, days) for entry, days in past.withdrawn() if days]
    days = {day for entry in past.pending for day in past.touched(entry.body)}
    days |= {day for entry in past.pending for day in replaced_days(entry.body)}
    days |= {day for _, left in gone for day in left}
    changed = [*(entry.body for entry in past.pending), *(body for body, _ in gone)]
    if past.released.days and not all(map(is_windowed, changed)):
        days.update(past.spoken_of)
        days = days or {max(past.released.days)}
    days |= {one.day for one in past.superseded}
    days |= {one.day for one in past.remodelled}
    return Days(day for day in days if day >= FIRST_DAY)


def held_days(past: Past) -> dict[dt.date, FailedRun]:
    """The unpublished days that stop runs over later days: neither waived nor their deliveries
    discarded."""
    let_go = (_waived(past) | _discarded(past)) if past.left else set()
    return {day: run for day, run in past.left.items() if day not in let_go}


def _require_free(past: Past, asked: Days) -> None:
    stopping = held_days(past)
    days = sorted(day for day in stopping if day not in asked and day < asked.to_day)
    if not days:
        return
    named = str(Days(days[:_SHOWN_DAYS])) + (" and more" if len(days) > _SHOWN_DAYS else "")
    run = stopping[days[0]]
    raise GateRefusal(
        f"earlier days are held back: {named}; run {run.run_id} left them unpublished ({run.what})",
        where=f"$IMPORT_RISK_HOME/runs/{run.run_id}",
        remedy=(
            "one of three: mend the cause and run these days too (`import-risk run` without days "
            'does); sign a waiver of the days (gate = "hold") in $IMPORT_RISK_HOME/waivers; '
            "or discard the deliveries that brought them (`import-risk discard`)"
        ),
    )


def _require_something(past: Past, asked: Days) -> None:
    """A delivery without rows lies on no day: it makes none worth a release."""
    if not asked.isdisjoint(past.left.keys()) or past.has_rows(asked):
        return
    if asked.isdisjoint(pending_days(past)):
        raise UsageError(
            f"there is nothing to compute on {asked}: no delivery that counts has a row of these "
            "days, and nothing is pending there",
            where="--day, --from/--to",
            remedy="check the days (`import-risk status` names the pending ones); to publish days "
            "without rows all the same, add --even-if-empty",
        )


def _why(
    past: Past,
    days: Days,
    brought: Mapping[str, Iterable[dt.date]],
    set_aside: Set[str],
) -> dict[dt.date, dict[str, int]]:
    """Day of the run -> reason -> how many deliveries, editions or risk types give it (1 for the
    others)."""
    found: dict[dt.date, Counter[str]] = {day: Counter() for day in days}

    def count(reason: str, touched: Iterable[dt.date]) -> None:
        for day in touched:
            if day in found:
                found[day][reason] += 1

    for reason, touched in brought.items():
        count(reason, touched)
    for entry in past.pending:
        body = entry.body
        if is_windowed(body):
            is_aside = body["sha256"] in set_aside
            count("set_aside" if is_aside else "delivered", past.rows_of(body))
        count("replayed", replaced_days(body))
    if past.spoken_of is not None:
        count("state_changed", past.spoken_of)
        count("edition_changed", (one.day for one in past.superseded or ()))
        count("model_changed", (one.day for one in past.remodelled or ()))
        for _, touched in past.withdrawn():
            count("discarded", touched)
    return {day: dict(sorted(reasons.items())) for day, reasons in found.items()}


def _waived(past: Past) -> set[dt.date]:
    return {day for day in past.left if any(w.from_day <= day <= w.to_day for w in past.holds)}


def _discarded(past: Past) -> set[dt.date]:
    """Days of which a delivery was discarded after they failed, and that no pending one touches."""
    gone: dict[dt.date, int] = {}
    for entry in past.entries:
        if entry.kind == "discard":
            for body in discarded_bodies(past.entries, entry):
                gone |= dict.fromkeys(past.rows_of(body), entry.seq)
    waiting = _days_of(past.rows_of(body) for body in past.pending_windowed)
    return {
        day for day, run in past.left.items() if gone.get(day, 0) > run.seq and day not in waiting
    }


def _days_of(parts: Iterable[Set[dt.date]]) -> set[dt.date]:
    return {day for part in parts for day in part}
