"""Day partitions of Dagster, and the window of days that a Dagster run stands for.

Add here another partitioning (a month for reports). Keep out: which days need a run, and what a
window is (runs/days/).
Concept: a partition is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import dagster as dg

from runs.days.window import FIRST_DAY, Window
from runs.settings import TIME_ZONE

daily_partitions = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1
)

# A range that we start is recorded in Dagster on its last day, and this tag tells the whole window:
# Dagster would otherwise write every asset's events once a day (docs/adr/0010).
_WINDOW_TAG = "import_risk/days"


def window_tags(window: Window) -> dict[str, str]:
    """Run tags that carry a window."""
    return {_WINDOW_TAG: str(window)}


def recorded_on(window: Window) -> str:
    """The partition that shows a run: its last day, or today for days that lie ahead.

    Days ahead are legal input to a run: gate 1 is what refuses them.
    """
    last = daily_partitions.get_last_partition_key()
    return window.to_day.isoformat() if last is None else min(window.to_day.isoformat(), last)


def window_of(tags: Mapping[str, str], keys: Sequence[str]) -> Window:
    """The window of a run: its tag, else the Dagster partition keys (ISO dates) it covers."""
    if _WINDOW_TAG in tags:
        return Window.parse(tags[_WINDOW_TAG])
    days = [dt.date.fromisoformat(text) for text in keys]
    return Window(min(days), max(days))
