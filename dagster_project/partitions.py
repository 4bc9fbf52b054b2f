"""Day partitions of Dagster, and the days that a Dagster run stands for.

Add here another partitioning (a month for reports). Keep out: which days need a run
(runs/days/).
Concept: a partition is a business day in Viet Nam time; late data re-computes its own day.
"""

import datetime as dt
from collections.abc import Mapping

import dagster as dg

from contracts.base import FIRST_DAY
from foundation.errors import UsageError
from runs.days.day_set import Days
from runs.settings import TIME_ZONE

daily_partitions = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), timezone=TIME_ZONE, end_offset=1
)

# A range that we start is recorded in Dagster on its last day, and this tag tells all its days:
# Dagster would otherwise write every asset's events once a day (docs/adr/0010).
_DAYS_TAG = "import_risk/days"
_EVEN_IF_EMPTY_TAG = "import_risk/even_if_empty"
# How Dagster writes the partitions that it was asked for: one, or a range of a back-fill.
_PARTITION_TAG = "dagster/partition"
_RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def day_tags(days: Days, *, even_if_empty: bool = False) -> dict[str, str]:
    """Run tags that carry days, and whether they are computed without rows too."""
    return {_DAYS_TAG: str(days), **({_EVEN_IF_EMPTY_TAG: "yes"} if even_if_empty else {})}


def recorded_on(days: Days) -> str:
    """The partition that shows a run: its last day, or today for days that lie ahead.

    Days ahead are legal input to a run: gate 1 is what refuses them.
    """
    last = daily_partitions.get_last_partition_key()
    return days.to_day.isoformat() if last is None else min(days.to_day.isoformat(), last)


def days_asked(tags: Mapping[str, str]) -> Days:
    """The days that a run was asked for: our tag, else the partitions asked for."""
    if _DAYS_TAG in tags:
        return Days.parse(tags[_DAYS_TAG])
    ends = [tags[name] for name in (*_RANGE_TAGS, _PARTITION_TAG) if name in tags]
    if not ends:
        raise UsageError(
            "a run was asked for without a day",
            where=f"tags of the Dagster run, {_PARTITION_TAG}",
            remedy="choose a partition (a day), or a range of them",
        )
    days = [dt.date.fromisoformat(text) for text in ends]
    return Days.between(min(days), max(days))


def is_even_if_empty(tags: Mapping[str, str]) -> bool:
    """Whether a run was asked to compute its days though they have no rows."""
    return _EVEN_IF_EMPTY_TAG in tags
