"""What runs write into the ledger about themselves, and which days they left without a release.

Defines: `started`, `extended` and `ended` (entries of kind `run`), `FailedRun` and `unpublished`.
Add here another thing that a run puts on record. Keep out: how a run ends (runs/end.py), what the
days that it left mean for the next one (plan.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from foundation.home import Home
from ledger.chain import Ledger
from ledger.entries import Entry
from runs import dbt_project
from runs.days import model_days
from runs.days.day_set import Days, days_of_facts
from runs.days.editions import of_days


@dataclass
class FailedRun:
    """A run that started and published nothing. what: how it ended, in words."""

    run_id: str
    seq: int
    days: set[dt.date]
    what: str = "it did not end: its process died"


def started(home: Home, run_id: str, days: Days, entries: Iterable[Entry]) -> None:
    """Put on record that a run begins to change the working database; entries: what it was planned
    from, whose editions of reference lists and risk models it reads."""
    known = list(entries)
    _append(
        home,
        run_id,
        days,
        "started",
        {
            "code_sha256": dbt_project.code_hash(),
            "seeds_sha256": dbt_project.seeds_hash(),
            "lock_sha256": dbt_project.lock_hash(),
            "editions": of_days(known, days),
            "models": model_days.of_days(known, days),
        },
    )


def extended(home: Home, run_id: str, days: Days) -> None:
    """Put on record that a run is about to compute further days (later_days.py)."""
    _append(home, run_id, days, "extended", {})


def ended(home: Home, run_id: str, days: Days, status: str, what: str) -> None:
    """Put on record how a run ended: published, refused or failed; what: release id or reason."""
    _append(home, run_id, days, status, {"what": what})


def unpublished(entries: Iterable[Entry]) -> dict[dt.date, FailedRun]:
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
                days = set(days_of_facts(entry.body))
                if entry.body["status"] == "extended":
                    days &= released
                run.days.update(days)
                left |= dict.fromkeys(days, run)
            elif entry.body["status"] != "published":
                run.what = f"{entry.body['status']}: {entry.body['what']}"
        elif entry.kind == "release":
            own = runs.get(str(run_id))
            released.update(days_of_facts(entry.body))
            clean = {*days_of_facts(entry.body), *(own.days if own else ())}
            left = {day: run for day, run in left.items() if day not in clean}
    return left


def _append(home: Home, run_id: str, days: Days, status: str, more: Mapping[str, Any]) -> None:
    Ledger(home.ledger).append(
        "run",
        {
            "run_id": run_id,
            "status": status,
            "from_day": days.from_day.isoformat(),
            "to_day": days.to_day.isoformat(),
            "days": str(days),
            **more,
        },
    )
