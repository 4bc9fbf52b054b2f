"""A set of business days: what a run was asked for, what it computes, what a release says of it.

Defines: `Days`, their text, and `days_of_facts`. Add here what every part of a run must know about
a set of days. Keep out: which days need a run (past and plan), Dagster's partitions
(dagster_project/partitions.py).
Concept: a day is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from contracts.base import FIRST_DAY
from foundation.errors import UsageError


class Days(Set[dt.date]):
    """Business days, ascending. It may be empty; then it has no first and no last day."""

    def __init__(self, days: Iterable[dt.date] = ()) -> None:
        self._known = frozenset(days)
        self._ordered = tuple(sorted(self._known))
        if self._ordered and self._ordered[0] < FIRST_DAY:
            raise UsageError(
                f"{self._ordered[0]} is before the first day that this warehouse keeps, "
                f"{FIRST_DAY}",
                where="--from/--day",
                remedy=f"start at {FIRST_DAY} or later",
            )

    @classmethod
    def between(cls, first: dt.date, last: dt.date) -> "Days":
        """Every day of a range, both ends included."""
        if first > last:
            raise UsageError(
                f"the first day {first} comes after the last day {last}",
                where="--from/--to",
                remedy="swap the two days",
            )
        return cls(first + dt.timedelta(days=n) for n in range((last - first).days + 1))

    def __contains__(self, day: object) -> bool:
        return day in self._known

    def __iter__(self) -> Iterator[dt.date]:
        return iter(self._ordered)

    def __len__(self) -> int:
        return len(self._ordered)

    def __hash__(self) -> int:
        return hash(self._known)

    def __repr__(self) -> str:
        return f"Days({self})"

    @property
    def from_day(self) -> dt.date:
        """The first day."""
        return self._ordered[0]

    @property
    def to_day(self) -> dt.date:
        """The last day."""
        return self._ordered[-1]

    @property
    def skipped(self) -> frozenset[dt.date]:
        """Days between the first and the last that are none of these: a run leaves them as they
        are."""
        if not self._ordered:
            return frozenset()
        return frozenset(Days.between(self.from_day, self.to_day)._known - self._known)

    @property
    def ranges(self) -> tuple[tuple[dt.date, dt.date], ...]:
        """The days as unbroken ranges, ascending."""
        found: list[tuple[dt.date, dt.date]] = []
        for day in self._ordered:
            if found and day - found[-1][1] == dt.timedelta(days=1):
                found[-1] = (found[-1][0], day)
            else:
                found.append((day, day))
        return tuple(found)

    def __str__(self) -> str:
        return ",".join(f"{first}..{last}" for first, last in self.ranges)

    @classmethod
    def parse(cls, text: str) -> "Days":
        """The days that `str` wrote, such as 2026-03-02..2026-03-02,2026-04-11..2026-04-12."""
        ends = [part.split("..") for part in text.split(",")] if text else []
        ranges = [
            cls.between(dt.date.fromisoformat(one), dt.date.fromisoformat(two)) for one, two in ends
        ]
        return cls(day for each in ranges for day in each)


def days_of_facts(facts: Mapping[str, Any]) -> Days:
    """The days that a run's facts or a ledger entry states (`days`, else `from_day`, `to_day`).

    Entries from before a run could skip days have no `days`.
    """
    return Days.parse(facts.get("days") or f"{facts['from_day']}..{facts['to_day']}")
