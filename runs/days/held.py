"""Days that a failed or refused run left behind, and what they mean for the next run.

Defines: `started` and `ended` (the ledger entries `run`), `unpublished` (days whose rows in the
working database no release holds), `held` (those that stop later days), `RunPlan` and `plan`.
Add here a way out of a held day. Keep out: how a run ends (runner.py), gate rules (expectations).

A run over days W that does not publish leaves rows of W in the working database that nobody
approved, and a past that later days would rest on. So until W is published
- every run computes W too; nothing of an unpublished run can reach a release by the way;
- a run over later days that was not asked for W is refused, unless W is waived (a signed file) or
  the deliveries that brought W were discarded. W is then computed from what was published: its
  pending deliveries are set aside, and stay pending.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.catalogue import CONTRACTS
from expectations.waivers import load_waivers, waiver_hashes
from foundation.errors import GateRefusal, UsageError
from foundation.home import Home
from ledger.chain import Ledger
from ledger.entries import Entry, standing_deliveries
from runs import dbt_project
from runs.days.editions import of_days
from runs.days.pending import pending_deliveries, pending_window, row_days, touched_days
from runs.days.window import Window, window_of_facts

NOTHING_PENDING = "every accepted delivery and edition is in a release"
_SHOWN_DAYS = 10


@dataclass
class FailedRun:
    """A run that started and published nothing. what: how it ended, in words."""

    run_id: str
    seq: int
    days: set[dt.date]
    what: str = "it did not end: its process died"


@dataclass(frozen=True)
class RunPlan:
    """What a run computes. window: the days asked for and those that must come along. set_aside:
    sha256 of pending deliveries that it reads as if they had never come."""

    window: Window
    set_aside: frozenset[str] = frozenset()
    waived: tuple[dt.date, ...] = field(default=())


def started(home: Home, run_id: str, window: Window) -> None:
    """Put on record that a run begins to change the working database."""
    _append(
        home,
        run_id,
        window,
        "started",
        {
            "code_sha256": dbt_project.code_hash(),
            "seeds_sha256": dbt_project.seeds_hash(),
            "lock_sha256": dbt_project.lock_hash(),
            "editions": of_days(Ledger(home.ledger).entries(), window),
        },
    )


def extended(home: Home, run_id: str, window: Window) -> None:
    """Put on record that a run is about to compute further days (later_days.py)."""
    _append(home, run_id, window, "extended", {})


def ended(home: Home, run_id: str, window: Window, status: str, what: str) -> None:
    """Put on record how a run ended: published, refused or failed; what: release id or reason."""
    _append(home, run_id, window, status, {"what": what})


def _append(home: Home, run_id: str, window: Window, status: str, more: Mapping[str, Any]) -> None:
    Ledger(home.ledger).append(
        "run",
        {
            "run_id": run_id,
            "status": status,
            "from_day": window.from_day.isoformat(),
            "to_day": window.to_day.isoformat(),
            "days": str(window),
            **more,
        },
    )


def unpublished(entries: Sequence[Entry]) -> dict[dt.date, FailedRun]:
    """Day -> the last run that changed it in the working database without a release since.

    A day that the run computed ahead (later_days.py) and no release computed before is not among
    them: it holds no row, the next run finds by itself whether it must be computed again, and
    taken for a day of its own it would be published before anything came in for it.
    """
    runs: dict[str, FailedRun] = {}
    left: dict[dt.date, FailedRun] = {}
    released: set[dt.date] = set()
    for entry in entries:
        run_id = entry.body.get("run_id")
        if entry.kind == "run":
            run = runs.setdefault(str(run_id), FailedRun(str(run_id), entry.seq, set()))
            if entry.body["status"] in ("started", "extended"):
                days = set(window_of_facts(entry.body).days)
                if entry.body["status"] == "extended":
                    days &= released
                run.days |= days
                left |= dict.fromkeys(days, run)
            elif entry.body["status"] != "published":
                run.what = f"{entry.body['status']}: {entry.body['what']}"
        elif entry.kind == "release":
            own = runs.get(str(run_id))
            released.update(window_of_facts(entry.body).days)
            clean = set(window_of_facts(entry.body).days) | (own.days if own else set())
            left = {day: run for day, run in left.items() if day not in clean}
    return left


def held(home: Home) -> dict[dt.date, FailedRun]:
    """The unpublished days that stop runs over later days: neither waived nor their deliveries
    discarded."""
    entries = Ledger(home.ledger).entries()
    left = unpublished(entries)
    if not left:
        return {}
    waived = _waived(home, left)
    freed = _discarded(home, entries, left)
    return {day: run for day, run in left.items() if day not in waived and day not in freed}


def next_window(home: Home) -> Window | None:
    """The days that are pending or were left unpublished; None when there are none."""
    window = pending_window(home)
    days = set(unpublished(Ledger(home.ledger).entries())) | set(window.days if window else ())
    return Window.of(days) if days else None


def require_something(home: Home, asked: Window) -> None:
    """Raise UsageError when there is nothing to compute on the days `asked`: no row of a delivery
    that counts, nothing pending, nothing that a failed run left. A mistyped day is such a day.

    A delivery without rows lies on no day: it makes none worth a release.
    """
    entries = Ledger(home.ledger).entries()
    days = set(asked.days)
    if days & set(unpublished(entries)) or _has_rows(home, entries, days):
        return
    window = pending_window(home)
    if window is None or not days & set(window.days):
        raise UsageError(
            f"there is nothing to compute on {asked}: no delivery that counts has a row of these "
            "days, and nothing is pending there",
            where="--day, --from/--to",
            remedy="check the days (`import-risk status` names the pending ones); to publish days "
            "without rows all the same, add --even-if-empty",
        )


def _has_rows(home: Home, entries: Sequence[Entry], days: set[dt.date]) -> bool:
    bodies = [
        entry.body
        for entry in standing_deliveries(list(entries))
        if CONTRACTS[entry.body["source"]].windowed and entry.body["day_min"] is not None
    ]
    texts = {day.isoformat() for day in days}
    # The first and the last day of a delivery have rows; which others do, its file says.
    if any(body["day_min"] in texts or body["day_max"] in texts for body in bodies):
        return True
    first, last = min(texts), max(texts)
    near = [body for body in bodies if body["day_min"] <= last and first <= body["day_max"]]
    return bool(days & row_days(home, near))


def plan(home: Home, asked: Window) -> RunPlan:
    """What a run over the days `asked` computes.

    Raises GateRefusal when an earlier held day is not among them: its message names the days, what
    failed and the three ways out.
    """
    entries = Ledger(home.ledger).entries()
    left = unpublished(entries)
    pending = [body for body in pending_deliveries(home) if CONTRACTS[body["source"]].windowed]
    if left:
        _require_free(home, asked, held(home))
    aside = set(left) - set(asked.days)
    set_aside = {body["sha256"] for body in pending if aside & row_days(home, [body])}
    days = set(asked.days) | set(left)
    coming = [
        body
        for body in pending
        if body["sha256"] not in set_aside and set(asked.days) & row_days(home, [body])
    ]
    # Where they amend or cancel: an amendment published without its original's day is a second
    # copy of the record.
    days |= touched_days(home, entries, coming) - row_days(home, coming)
    return RunPlan(
        Window.of(days), frozenset(set_aside), tuple(sorted(_waived(home, left) & aside))
    )


def _require_free(home: Home, asked: Window, stopping: Mapping[dt.date, FailedRun]) -> None:
    days = sorted(day for day in stopping if day not in asked.days and day < asked.to_day)
    if not days:
        return
    named = str(Window.of(days[:_SHOWN_DAYS])) + (" and more" if len(days) > _SHOWN_DAYS else "")
    run = stopping[days[0]]
    raise GateRefusal(
        f"earlier days are held back: {named}; run {run.run_id} left them unpublished ({run.what})",
        where=str(home.runs / run.run_id),
        remedy=(
            "one of three: mend the cause and run these days too (`import-risk run` without days "
            f'does); sign a waiver of the days (gate = "hold") in {home.waivers}; or discard the '
            "deliveries that brought them (`import-risk discard`)"
        ),
    )


def _waived(home: Home, left: Mapping[dt.date, FailedRun]) -> set[dt.date]:
    waivers = load_waivers(home.waivers, waiver_hashes(home.waivers)).holds
    return {day for day in left if any(w.from_day <= day <= w.to_day for w in waivers)}


def _discarded(
    home: Home, entries: Sequence[Entry], left: Mapping[dt.date, FailedRun]
) -> set[dt.date]:
    """Days of which a delivery was discarded after they failed, and that no pending one touches."""
    gone: dict[dt.date, int] = {}
    for entry in entries:
        if entry.kind == "discard":
            sha256 = entry.body["sha256"]
            bodies = [
                other.body
                for other in entries
                if other.kind == "delivery"
                and other.body["sha256"] == sha256
                and other.body["status"] == "accepted"
            ]
            for day in row_days(home, bodies):
                gone[day] = entry.seq
    waiting = row_days(
        home, [b for b in pending_deliveries(home) if CONTRACTS[b["source"]].windowed]
    )
    return {day for day, run in left.items() if gone.get(day, 0) > run.seq and day not in waiting}
