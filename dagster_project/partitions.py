"""Day partitions, and the window of days that one run covers.

Add here another partitioning (a month for reports). Keep out: which days need a run (windows come
from the ledger, steps.py).
Concept: a partition is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dagster_project.settings import TIME_ZONE
from foundation.errors import UsageError

# Labelled public data that acceptance loads reach back to 2018; earlier days are refused, not lost.
FIRST_DAY = dt.date(2015, 1, 1)


@cache
def _daily_partitions() -> Any:
    import dagster as dg

    return dg.DailyPartitionsDefinition(
        start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1
    )


def __getattr__(name: str) -> Any:
    """`daily_partitions`, made when first asked for.

    The command line needs windows, not Dagster, whose import costs more than a second.
    """
    if name != "daily_partitions":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _daily_partitions()


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


# A range that we start is recorded in Dagster on its last day, and these tags tell the whole range:
# Dagster would otherwise write every asset's events once a day (docs/adr/0010).
_WINDOW_TAGS = ("import_risk/from_day", "import_risk/to_day")


def window_tags(window: Window) -> dict[str, str]:
    """Run tags that carry a window."""
    days = (window.from_day.isoformat(), window.to_day.isoformat())
    return dict(zip(_WINDOW_TAGS, days, strict=True))


def recorded_on(window: Window) -> str:
    """The partition that shows a run: its last day, or today for days that lie ahead.

    Days ahead are legal input to a run: gate 1 is what refuses them.
    """
    last = _daily_partitions().get_last_partition_key()
    return window.to_day.isoformat() if last is None else min(window.to_day.isoformat(), last)


def window_of(tags: Mapping[str, str], keys: Sequence[str]) -> Window:
    """The window of a run: its tags, else the Dagster partition keys (ISO dates) it covers."""
    texts = [tags[name] for name in _WINDOW_TAGS if name in tags] or keys
    days = [dt.date.fromisoformat(text) for text in texts]
    return Window(min(days), max(days))
