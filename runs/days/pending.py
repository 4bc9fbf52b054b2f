"""Which accepted deliveries no release holds yet, and exactly which days must be computed.

Add here other questions about pending work. Keep out: the run itself (runner.py), what a failed run
left behind (held.py), editions of reference lists (editions.py), and later days that read a changed
past (dbt finds them, later_days.py).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from contracts.base import FIRST_DAY
from contracts.catalogue import CONTRACTS
from foundation.home import Home
from ingest.links import file_list, linked_days
from ledger.chain import Ledger
from ledger.entries import Entry, standing_deliveries
from runs.days.editions import superseded
from runs.days.states import days_of_changed_states
from runs.days.window import Window, window_of_facts

Body = Mapping[str, Any]
Days = frozenset[dt.date]
_TOUCHED: dict[tuple[Path, str, tuple[str, ...]], Days] = {}


@dataclass(frozen=True)
class _Released:
    """What the releases so far hold. windows: (sequence number, days), in order; files: name of a
    raw file -> the days that releases computed with it."""

    windows: tuple[tuple[int, Days], ...]
    files: Mapping[str, Days]

    @property
    def days(self) -> Days:
        """Every day that some release computed."""
        return frozenset(day for _, days in self.windows for day in days)

    def since(self, seq: int) -> Days:
        """The days that releases after entry `seq` computed."""
        return frozenset(day for at, days in self.windows if at > seq for day in days)


def released(entries: Iterable[Entry]) -> _Released:
    """What the `release` entries of a ledger say."""
    windows: list[tuple[int, Days]] = []
    files: dict[str, Days] = {}
    for entry in entries:
        if entry.kind == "release":
            days = frozenset(window_of_facts(entry.body).days)
            windows.append((entry.seq, days))
            for name in entry.body["inputs"]:
                files[name] = files.get(name, frozenset()) | days
    return _Released(tuple(windows), files)


def pending_deliveries(home: Home) -> list[Body]:
    """Ledger bodies of accepted deliveries of which no release holds every day that they touch."""
    return [entry.body for entry in _pending(home, Ledger(home.ledger).entries())]


def pending_window(home: Home) -> Window | None:
    """Exactly the days that pending deliveries touch and those that another edition of a reference
    list would change (editions.py), or None when nothing is pending.

    Touched are the days of their rows, the days on which they amend or cancel a record, and the
    days that held rows which a replay or a discard took away. A state (platform registry, rates,
    inspection results) touches the held days that its changed rows speak of, and when it speaks of
    none, the last held day; before the first release it touches nothing.
    """
    entries = Ledger(home.ledger).entries()
    done = released(entries)
    pending = _pending(home, entries)
    gone = [(entry, days) for entry, days in _withdrawn(home, entries, done) if days]
    bodies = [entry.body for entry in (*pending, *(entry for entry, _ in gone))]
    days = touched_days(home, entries, [entry.body for entry in pending])
    days |= {day for entry in pending for day in _replaced_days(entry.body)}
    days |= {day for _, left in gone for day in left}
    states = [body for body in bodies if not CONTRACTS[body["source"]].windowed]
    if states and done.days:
        days |= days_of_changed_states(home, entries, states, done.days)
        days = days or {max(done.days)}
    days |= {one.day for one in superseded(home, entries)}
    days = {day for day in days if day >= FIRST_DAY}
    return Window.of(days) if days else None


def touched_days(home: Home, entries: Sequence[Entry], bodies: Iterable[Body]) -> set[dt.date]:
    """The days of rows of these windowed deliveries, and of rows elsewhere of the same records, as
    far as the warehouse keeps them.

    Kept for the latest question: a run is planned when it is asked for and again when it starts,
    and following links reads files of three months.
    """
    windowed = [body for body in bodies if CONTRACTS[body["source"]].windowed]
    names = tuple(f"{body['sha256']} {body['source']}" for body in windowed)
    question = (home.root, entries[-1].hash if entries else "", names)
    if question not in _TOUCHED:
        days = row_days(home, windowed) | set(linked_days(home, entries, windowed))
        _TOUCHED.clear()
        _TOUCHED[question] = frozenset(day for day in days if day >= FIRST_DAY)
    return set(_TOUCHED[question])


def row_days(home: Home, bodies: Iterable[Body]) -> Days:
    """The days that have a row of these deliveries: not every day between their ends.

    A delivery of which no raw file is at rest says its ends only.
    """
    files: list[Path] = []
    days: set[dt.date] = set()
    for body in bodies:
        path = home.root / body["raw_file"] if body["accepted"] else None
        if path is not None and path.is_file():
            files.append(path)
        elif body["day_min"] is not None:
            days |= _span(body["day_min"], body["day_max"])
    return frozenset(days) | (_days_in(tuple(files)) if files else frozenset())


@cache
def _days_in(files: tuple[Path, ...]) -> Days:
    """Read once: a raw file never changes, and a run is planned several times."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select distinct day from read_parquet({file_list(files)}, hive_partitioning = false)"
        ).fetchall()
    return frozenset(day for (day,) in found)


def _pending(home: Home, entries: Sequence[Entry]) -> list[Entry]:
    done = released(entries)
    return [
        entry
        for entry in standing_deliveries(list(entries))
        if not _is_covered(home, entry.body, done)
        or not _replaced_days(entry.body) <= done.since(entry.seq)
    ]


def _is_covered(home: Home, body: Body, done: _Released) -> bool:
    if body["day_min"] is None:
        return True  # no row was accepted: there is nothing that a release could hold
    # A release names its inputs by their raw files: a replayed input has another one than before.
    days = done.files.get(Path(body.get("raw_file") or body["sha256"]).stem)
    if days is None or not CONTRACTS[body["source"]].windowed:
        return days is not None
    span = _span(body["day_min"], body["day_max"])
    return span <= days or row_days(home, [body]) <= days


def _withdrawn(
    home: Home, entries: Sequence[Entry], done: _Released
) -> list[tuple[Entry, set[dt.date]]]:
    """Discarded deliveries that a release holds -> days that no release computed again since."""
    found = []
    for discard in entries:
        if discard.kind != "discard":
            continue
        for entry in standing_deliveries([e for e in entries if e.seq < discard.seq]):
            body = entry.body
            was_read = done.files.get(Path(body.get("raw_file") or body["sha256"]).stem)
            if body["sha256"] != discard.body["sha256"] or was_read is None:
                continue
            days = touched_days(home, entries, [body]) & done.days
            if not CONTRACTS[body["source"]].windowed:
                days = set() if done.since(discard.seq) else {max(done.days)}
            found.append((entry, days - done.since(discard.seq)))
    return found


def _replaced_days(body: Body) -> set[dt.date]:
    """The days that held rows of the delivery which a replay replaced."""
    replay = body.get("replay") or {}
    if replay.get("replaced_day_min") is None or not CONTRACTS[body["source"]].windowed:
        return set()
    return _span(replay["replaced_day_min"], replay["replaced_day_max"])


def _span(first: str, last: str) -> set[dt.date]:
    """Every day between two ISO dates that the warehouse keeps."""
    ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return set(Window(max(ends[0], FIRST_DAY), ends[1]).days) if ends[1] >= FIRST_DAY else set()
