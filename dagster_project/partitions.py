"""Day partitions, and the window of days that one run covers.

Add here another partitioning (a month for reports). Keep out: which days need a run (windows come
from the ledger, steps.py).
Concept: a partition is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg

from dagster_project.settings import TIME_ZONE
from foundation.errors import UsageError

# Labelled public data that acceptance loads reach back to 2018; earlier days are refused, not lost.
FIRST_DAY = dt.date(2015, 1, 1)

daily_partitions = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1
)


@dataclass(frozen=True)
class Window:
    """Business days of one run, both ends included."""

    from_day: dt.date
    to_day: dt.date

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
        return tuple(self.from_day + dt.timedelta(days=offset) for offset in range(count))


def window_of_keys(keys: Sequence[str]) -> Window:
    """The window that covers Dagster partition keys (ISO dates)."""
    days = [dt.date.fromisoformat(key) for key in keys]
    return Window(min(days), max(days))
