"""The days that one run covers.

Defines: `Window`, its text and `window_of_facts`. Add here what every part of a run must know about
a set of days. Keep out: which days need a run (plan and past), Dagster's partitions
(dagster_project/partitions.py).
Concept: a day is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.base import FIRST_DAY
from foundation.errors import UsageError


@dataclass(frozen=True)
class Window:
    """Business days of one run: a range, both ends included, without the days `skipped`.

    skipped: days in between that the run leaves as they are; nothing that it reads touches them.
    """

    from_day: dt.date
    to_day: dt.date
    skipped: frozenset[dt.date] = frozenset()

    def __post_init__(self) -> None:
        if self.from_day > self.to_day:
            raise UsageError(
                f"the first day {self.from_day} comes after the last day {self.to_day}",
                where="--from/--to",
                remedy="swap the two days",
            )
        if self.from_day < FIRST_DAY:
            raise UsageError(
                f"{self.from_day} is before the first day that this warehouse keeps, {FIRST_DAY}",
                where="--from/--day",
                remedy=f"start at {FIRST_DAY} or later",
            )

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Every day of the window, ascending."""
        count = (self.to_day - self.from_day).days + 1
        days = (self.from_day + dt.timedelta(days=offset) for offset in range(count))
        return tuple(day for day in days if day not in self.skipped)

    @classmethod
    def of(cls, days: Iterable[dt.date]) -> "Window":
        """The window of exactly these days (at least one)."""
        chosen = set(days)
        hull = cls(min(chosen), max(chosen))
        return cls(hull.from_day, hull.to_day, frozenset(set(hull.days) - chosen))

    @property
    def ranges(self) -> tuple[tuple[dt.date, dt.date], ...]:
        """The window as unbroken ranges, ascending."""
        found: list[tuple[dt.date, dt.date]] = []
        for day in self.days:
            if found and day - found[-1][1] == dt.timedelta(days=1):
                found[-1] = (found[-1][0], day)
            else:
                found.append((day, day))
        return tuple(found)

    def __str__(self) -> str:
        return ",".join(f"{first}..{last}" for first, last in self.ranges)

    @classmethod
    def parse(cls, text: str) -> "Window":
        """The window that `str` wrote, such as 2026-03-02..2026-03-02,2026-04-11..2026-04-12."""
        ends = [part.split("..") for part in text.split(",")]
        ranges = [cls(dt.date.fromisoformat(one), dt.date.fromisoformat(two)) for one, two in ends]
        return cls.of(day for each in ranges for day in each.days)


def window_of_facts(facts: Mapping[str, Any]) -> Window:
    """The window that a run's facts or a ledger entry states (`days`, else `from_day`, `to_day`).

    Entries from before a run could skip days have no `days`.
    """
    return Window.parse(facts.get("days") or f"{facts['from_day']}..{facts['to_day']}")
