"""Which accepted deliveries no release holds yet, and which days they touch.

Add here other questions about pending work. Keep out: the run itself (runner.py).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dagster_project.partitions import FIRST_DAY, Window
from foundation.home import Home
from ingest.contracts.catalog import CONTRACTS
from ingest.ledger import Ledger


def pending_deliveries(home: Home) -> list[Mapping[str, Any]]:
    """Ledger bodies of accepted deliveries that are not wholly inside a released window."""
    ledger = Ledger(home.ledger)
    covered: dict[str, set[dt.date]] = {}
    for entry in ledger.entries():
        if entry.kind == "release":
            body = entry.body
            window = Window(
                dt.date.fromisoformat(body["from_day"]), dt.date.fromisoformat(body["to_day"])
            )
            for sha in body["inputs"]:
                covered.setdefault(sha, set()).update(window.days)
    return [entry.body for entry in ledger.deliveries() if not _is_covered(entry.body, covered)]


def pending_window(home: Home) -> Window | None:
    """The smallest window that covers all pending days, or None when nothing is pending.

    A state such as the platform registry touches no day by itself: alone it re-computes the
    window of the newest release.
    """
    pending = pending_deliveries(home)
    spans = [
        (dt.date.fromisoformat(body["day_min"]), dt.date.fromisoformat(body["day_max"]))
        for body in pending
        if CONTRACTS[body["source"]].windowed and body["day_min"] is not None
    ]
    if spans:
        return Window(
            max(min(first for first, _ in spans), FIRST_DAY), max(last for _, last in spans)
        )
    return _newest_window(home) if pending else None


def _is_covered(body: Mapping[str, Any], covered: dict[str, set[dt.date]]) -> bool:
    days = covered.get(body["sha256"])
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
