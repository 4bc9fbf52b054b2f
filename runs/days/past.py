"""What a run is planned from: the ledger, and what the files say that it names. A value.

Defines: `Past`, `Released` and what a past says by itself: which deliveries no release holds yet,
which were withdrawn, which days failed runs left, which days have rows.
Add here another question about the past. Keep out: reading files (reading.py) and what a run makes
of the answers (plan.py). Nothing here opens a file: tests make pasts of their own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any

from contracts.base import FIRST_DAY
from contracts.catalogue import CONTRACTS
from expectations.waivers import Waiver
from ledger.entries import Entries, Entry, Head, standing_deliveries
from runs.days.day_set import Days, days_of_facts
from runs.days.editions import Superseded
from runs.days.model_days import Remodelled
from runs.days.run_entries import FailedRun, unpublished

Body = Mapping[str, Any]
_NO_DAYS: frozenset[dt.date] = frozenset()


@dataclass(frozen=True)
class Released:
    """What the releases so far hold. windows: (sequence number, days), in order; files: name of a
    raw file -> the days that releases computed with it."""

    windows: tuple[tuple[int, Set[dt.date]], ...]
    files: Mapping[str, Set[dt.date]]

    @classmethod
    def by(cls, entries: Iterable[Entry]) -> "Released":
        """What the `release` entries of a ledger say."""
        windows: list[tuple[int, Set[dt.date]]] = []
        files: dict[str, set[dt.date]] = {}
        for entry in entries:
            if entry.kind == "release":
                days = days_of_facts(entry.body)
                windows.append((entry.seq, days))
                for name in entry.body["inputs"]:
                    files.setdefault(name, set()).update(days)
        return cls(tuple(windows), files)

    @cached_property
    def days(self) -> frozenset[dt.date]:
        """Every day that some release computed."""
        return frozenset(day for _, days in self.windows for day in days)

    def since(self, seq: int) -> frozenset[dt.date]:
        """The days that releases after entry `seq` computed."""
        return frozenset(day for at, days in self.windows if at > seq for day in days)

    def with_file(self, body: Body) -> Set[dt.date] | None:
        """The days that were computed with this delivery; None when no release read it.

        A release names its inputs by their raw files: a replayed input has another one than before.
        """
        return self.files.get(PurePath(body.get("raw_file") or body["sha256"]).stem)


@dataclass(frozen=True)
class Past:
    """The state of a home at one moment.

    rows, links: key of a delivery (`key_of`) -> the days of its rows, and the days of rows
    elsewhere that belong to the same records. Only what a plan asks for is in them; asking for
    another delivery is a defect and raises KeyError.
    spoken_of: the released days that changed states speak of. superseded: published days that
    another edition of a reference list would change. remodelled: those that another risk model
    counts for than scored them. All three are None where no plan asks for them.
    waivers: file name -> sha256 of all waivers; holds: those that let held days wait.
    """

    entries: Entries
    release_id: str | None = None
    waivers: Mapping[str, str] = field(default_factory=dict)
    holds: tuple[Waiver, ...] = ()
    rows: Mapping[str, Set[dt.date]] = field(default_factory=dict, repr=False)
    links: Mapping[str, Set[dt.date]] = field(default_factory=dict, repr=False)
    spoken_of: Set[dt.date] | None = frozenset()
    superseded: tuple[Superseded, ...] | None = ()
    remodelled: tuple[Remodelled, ...] | None = ()

    @cached_property
    def head(self) -> Head:
        """The end of the ledger at that moment."""
        return Head(self.entries[-1].seq, self.entries[-1].hash) if self.entries else Head()

    @cached_property
    def released(self) -> Released:
        """What the releases hold."""
        return Released.by(self.entries)

    @cached_property
    def left(self) -> Mapping[dt.date, FailedRun]:
        """The days that failed runs left unpublished."""
        return unpublished(self.entries)

    @cached_property
    def pending(self) -> tuple[Entry, ...]:
        """Accepted deliveries of which no release holds every day that they touch."""
        return tuple(
            entry
            for entry in standing_deliveries(self.entries)
            if not self._is_covered(entry.body)
            or not replaced_days(entry.body) <= self.released.since(entry.seq)
        )

    @property
    def pending_windowed(self) -> tuple[Body, ...]:
        """Those of them whose rows lie on days: no states."""
        return tuple(entry.body for entry in self.pending if is_windowed(entry.body))

    def rows_of(self, body: Body) -> Set[dt.date]:
        """The days that have a row of a delivery."""
        known = known_days(body)
        return self.rows[key_of(body)] if known is None else known

    def touched(self, body: Body) -> Set[dt.date]:
        """The days of its rows, and of rows elsewhere of the same records; none of a state."""
        if not is_windowed(body) or body["day_min"] is None:
            return _NO_DAYS
        return frozenset(self.rows_of(body)) | frozenset(self.links[key_of(body)])

    def withdrawn(self) -> Iterable[tuple[Entry, Set[dt.date]]]:
        """Discarded deliveries that a release holds -> days that none computed again since."""
        for seq, entry in withdrawn_deliveries(self.entries, self.released):
            since = self.released.since(seq)
            if is_windowed(entry.body):
                days = frozenset(self.touched(entry.body)) & self.released.days
            else:
                days = _NO_DAYS if since else frozenset([max(self.released.days)])
            yield entry, days - since

    def has_rows(self, days: Days) -> bool:
        """Whether a delivery that counts has a row of these days."""
        near = near_deliveries(self.entries, days)
        return _is_certain(near, days) or any(not days.isdisjoint(self.rows_of(b)) for b in near)

    def _is_covered(self, body: Body) -> bool:
        if body["day_min"] is None:
            return True  # no row was accepted: there is nothing that a release could hold
        days = self.released.with_file(body)
        if days is None or not is_windowed(body):
            return days is not None
        return span(body) <= days or self.rows_of(body) <= days


def key_of(body: Body) -> str:
    """Under which name a delivery stands in `Past.rows` and `Past.links`."""
    return str(body.get("raw_file") or f"{body['sha256']} {body['source']}")


def is_windowed(body: Body) -> bool:
    """Whether the rows of a delivery lie on days, and are read for these days only."""
    return CONTRACTS[body["source"]].windowed


def span(body: Body) -> frozenset[dt.date]:
    """Every day between the ends of a delivery that the warehouse keeps."""
    return _between(body["day_min"], body["day_max"])


def known_days(body: Body) -> frozenset[dt.date] | None:
    """The days of its rows when the ledger itself tells them: it has one day, or none."""
    if body["day_min"] is None:
        return _NO_DAYS
    return span(body) if body["day_min"] == body["day_max"] else None


def replaced_days(body: Body) -> frozenset[dt.date]:
    """The days that held rows of the delivery which a replay replaced."""
    replay = body.get("replay") or {}
    if replay.get("replaced_day_min") is None or not is_windowed(body):
        return _NO_DAYS
    return _between(replay["replaced_day_min"], replay["replaced_day_max"])


def uncovered_deliveries(entries: Entries, released: Released) -> list[Body]:
    """Windowed deliveries of which the ledger alone does not say that releases hold all days."""
    return [
        entry.body
        for entry in standing_deliveries(entries)
        if is_windowed(entry.body)
        and entry.body["day_min"] is not None
        and not span(entry.body) <= (released.with_file(entry.body) or _NO_DAYS)
    ]


def withdrawn_deliveries(entries: Entries, released: Released) -> Iterable[tuple[int, Entry]]:
    """(number of the discard, what it withdrew): deliveries that some release holds."""
    for discard in entries:
        if discard.kind == "discard":
            for entry in standing_deliveries(e for e in entries if e.seq < discard.seq):
                was_read = released.with_file(entry.body) is not None
                if entry.body["sha256"] == discard.body["sha256"] and was_read:
                    yield discard.seq, entry


def discarded_bodies(entries: Entries, discard: Entry) -> list[Body]:
    """The accepted deliveries of the bytes that an entry discarded."""
    return [
        entry.body
        for entry in entries
        if entry.kind == "delivery"
        and entry.body["status"] == "accepted"
        and entry.body["sha256"] == discard.body["sha256"]
    ]


def near_deliveries(entries: Entries, days: Days) -> list[Body]:
    """Windowed deliveries that count and have a day between the first and the last of these."""
    first, last = days.from_day.isoformat(), days.to_day.isoformat()
    return [
        entry.body
        for entry in standing_deliveries(entries)
        if is_windowed(entry.body)
        and entry.body["day_min"] is not None
        and entry.body["day_min"] <= last
        and first <= entry.body["day_max"]
    ]


def unclear_deliveries(entries: Entries, days: Days) -> list[Body]:
    """The near ones whose rows decide whether these days have any: none when the ledger tells."""
    near = near_deliveries(entries, days)
    return [] if _is_certain(near, days) else near


def _is_certain(near: Iterable[Body], days: Days) -> bool:
    """The first and the last day of a delivery have rows; which others do, its file says."""
    texts = {day.isoformat() for day in days}
    return any(body["day_min"] in texts or body["day_max"] in texts for body in near)


def _between(first: str, last: str) -> frozenset[dt.date]:
    ends = max(dt.date.fromisoformat(first), FIRST_DAY), dt.date.fromisoformat(last)
    return frozenset(Days.between(*ends)) if ends[0] <= ends[1] else _NO_DAYS
