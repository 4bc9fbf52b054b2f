"""Which accepted deliveries no release holds yet, and which days they touch.

Add here other questions about pending work. Keep out: the run itself (runner.py).
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project.partitions import FIRST_DAY, Window
from foundation.home import Home
from ingest.contracts.catalog import CONTRACTS
from ingest.links import linked_days
from ingest.store.ledger import Ledger


def pending_deliveries(home: Home) -> list[Mapping[str, Any]]:
    """Ledger bodies of accepted deliveries that are not wholly inside a released window."""
    ledger = Ledger(home.ledger)
    covered: dict[str, set[dt.date]] = {}
    released: list[tuple[int, Window]] = []
    for entry in ledger.entries():
        if entry.kind == "release":
            body = entry.body
            window = Window(
                dt.date.fromisoformat(body["from_day"]), dt.date.fromisoformat(body["to_day"])
            )
            released.append((entry.seq, window))
            for name in body["inputs"]:
                covered.setdefault(name, set()).update(window.days)
    return [
        entry.body
        for entry in ledger.deliveries()
        if not _is_covered(entry.body, covered)
        or not _replaced_days(entry.body)
        <= {day for seq, window in released if seq > entry.seq for day in window.days}
    ]


def pending_window(home: Home) -> Window | None:
    """The smallest window that covers all pending days, or None when nothing is pending.

    Days on which a pending delivery amends or cancels a record, or from which a replay took rows
    away, count too. A state such as the
    platform registry touches no day by itself: alone it re-computes the window of the newest
    release.
    """
    pending = pending_deliveries(home)
    spans = [
        (dt.date.fromisoformat(body["day_min"]), dt.date.fromisoformat(body["day_max"]))
        for body in pending
        if CONTRACTS[body["source"]].windowed and body["day_min"] is not None
    ]
    linked = linked_days(home, Ledger(home.ledger).entries(), pending)
    spans += [(day, day) for day in linked]
    spans += [(day, day) for body in pending for day in _replaced_days(body)]
    if spans:
        return Window(
            max(min(first for first, _ in spans), FIRST_DAY), max(last for _, last in spans)
        )
    return _newest_window(home) if pending else None


def _replaced_days(body: Mapping[str, Any]) -> set[dt.date]:
    """The days that held rows of the delivery which a replay replaced."""
    replay = body.get("replay") or {}
    if replay.get("replaced_day_min") is None or not CONTRACTS[body["source"]].windowed:
        return set()
    first, last = (
        dt.date.fromisoformat(replay[name]) for name in ("replaced_day_min", "replaced_day_max")
    )
    return set(Window(max(first, FIRST_DAY), last).days) if last >= FIRST_DAY else set()


def _is_covered(body: Mapping[str, Any], covered: dict[str, set[dt.date]]) -> bool:
    # A release names its inputs by their raw files: a replayed input has another one than before.
    days = covered.get(Path(body.get("raw_file") or body["sha256"]).stem)
    if not CONTRACTS[body["source"]].windowed or body["day_min"] is None:
        return days is not None
    if days is None:
        return False
    span = Window(dt.date.fromisoformat(body["day_min"]), dt.date.fromisoformat(body["day_max"]))
    return set(span.days) <= days


def _newest_window(home: Home) -> Window | None:
    bodies = [entry.body for entry in Ledger(home.ledger).entries() if entry.kind == "release"]
    if not bodies:
        return None
    newest = bodies[-1]
    return Window(
        dt.date.fromisoformat(newest["from_day"]), dt.date.fromisoformat(newest["to_day"])
    )
