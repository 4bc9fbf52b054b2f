"""Which release published a day first: from then on, its figures can be revised.

Add here another question about what readers have seen of a day. Keep out: which figures changed
(serving/revisions.py), why (causes.py) and what is pending (plan.py).

A release publishes a day when the run was to compute the day and read a delivered row of it. So
not published are days computed ahead (later_days.py: results of inspections are known on a day that
has not come in yet), days that came along without their deliveries (plan.py), and days of a range
on which nothing had come: no reader saw a figure of them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ledger.entries import Entry
from runs.days.day_set import days_of_facts
from runs.days.past import key_of
from runs.days.reading import days_of_rows

Body = Mapping[str, Any]


def first_releases(
    home: Home, entries: Iterable[Entry], days: Iterable[dt.date]
) -> dict[dt.date, str]:
    """Day -> id of the release that published it first; days never published are left out."""
    wanted = set(days)
    found: dict[dt.date, str] = {}
    delivered: dict[str, list[Body]] = {}
    for entry in entries:
        body = entry.body
        if entry.kind == "delivery" and body["status"] == "accepted" and body["accepted"]:
            if CONTRACTS[body["source"]].windowed:
                delivered.setdefault(body["sha256"], []).append(body)
        elif entry.kind == "release" and wanted:
            computed = wanted.intersection(days_of_facts(body))
            read = [one for name in body["inputs"] for one in _called(name, delivered)]
            published = _with_rows(home, read, computed) if computed else set()
            found |= dict.fromkeys(published, body["release_id"])
            wanted -= published
    return found


def _called(name: str, delivered: Mapping[str, Sequence[Body]]) -> Sequence[Body]:
    """The deliveries of a raw file. It is called by its input's sha256; a replay or another key
    makes a further file of the same input, called by that sha256 and a variant."""
    bodies = delivered.get(input_of(name), ())
    return [body for body in bodies if Path(body["raw_file"]).stem == name] or bodies


def input_of(name: str) -> str:
    """The sha256 of the input that a raw file of this name was made of."""
    return name.split(".", maxsplit=1)[0]


def _with_rows(home: Home, bodies: Sequence[Body], days: set[dt.date]) -> set[dt.date]:
    """Those of `days` on which a row of these deliveries lies; reads a file only for days between
    its ends."""
    found: set[dt.date] = set()
    for body in bodies:
        first, last = (dt.date.fromisoformat(body[name]) for name in ("day_min", "day_max"))
        found |= days & {first, last}
        if any(first < day < last for day in days - found):
            found |= days & days_of_rows(home, [body])[key_of(body)]
        if found == days:
            break
    return found
