"""Day partitions of Dagster, and the window of days that a Dagster run stands for.

Add here another partitioning (a month for reports). Keep out: which days need a run, and what a
window is (runs/days/).
Concept: a partition is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Mapping

import dagster as dg

from contracts.base import FIRST_DAY
from foundation.errors import UsageError
from runs.days.window import Window
from runs.settings import TIME_ZONE

daily_partitions = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1
)

# A range that we start is recorded in Dagster on its last day, and this tag tells the whole window:
# Dagster would otherwise write every asset's events once a day (docs/adr/0010).
_WINDOW_TAG = "import_risk/days"
_EVEN_IF_EMPTY_TAG = "import_risk/even_if_empty"
# How Dagster writes the partitions that it was asked for: one, or a range of a back-fill.
_PARTITION_TAG = "dagster/partition"
_RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def window_tags(window: Window, *, even_if_empty: bool = False) -> dict[str, str]:
    """Run tags that carry a window, and whether its days are computed without rows too."""
    return {_WINDOW_TAG: str(window), **({_EVEN_IF_EMPTY_TAG: "yes"} if even_if_empty else {})}


def recorded_on(window: Window) -> str:
    """The partition that shows a run: its last day, or today for days that lie ahead.

    Days ahead are legal input to a run: gate 1 is what refuses them.
    """
    last = daily_partitions.get_last_partition_key()
    return window.to_day.isoformat() if last is None else min(window.to_day.isoformat(), last)


def window_of(tags: Mapping[str, str]) -> Window:
    """The window of a run: our tag, else the partitions that Dagster was asked for."""
    if _WINDOW_TAG in tags:
        return Window.parse(tags[_WINDOW_TAG])
    asked = [name for name in _RANGE_TAGS if name in tags] or [_PARTITION_TAG]
    ends = [tags[name] for name in asked if name in tags]
    if not ends:
        raise UsageError(
            "a run was asked for without a day",
            where=f"tags of the Dagster run, {_PARTITION_TAG}",
            remedy="choose a partition (a day), or a range of them",
        )
    return Window(dt.date.fromisoformat(ends[0]), dt.date.fromisoformat(ends[-1]))


def is_even_if_empty(tags: Mapping[str, str]) -> bool:
    """Whether a run was asked to compute its days though they have no rows."""
    return _EVEN_IF_EMPTY_TAG in tags
