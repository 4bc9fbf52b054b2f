"""When the daily run starts by itself; every schedule is declared here and nowhere else.

Add here a schedule with its reason. Keep out: what it runs (jobs.py), which days are pending
(runs/days).
"""

import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project.defs.jobs import daily_run
from dagster_project.partitions import day_tags, recorded_on
from runs.days.day_set import Days
from runs.days.plan import NOTHING_PENDING
from runs.days.reading import plan_now
from runs.settings import TIME_ZONE, Settings


# 06:00 Viet Nam time: compliance is computed at 00:00 and operators deliver the day by 05:00.
@dg.schedule(
    job=daily_run,
    cron_schedule="0 6 * * *",
    execution_timezone=TIME_ZONE,
    name="daily_at_06_00",
    description="Every morning at 06:00 Viet Nam time: the pending days that have ended",
)
def daily_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request one run over the days that have ended and that no release holds yet, or say that
    there is nothing to do: the day in progress waits for its last delivery."""
    today = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date()
    pending = plan_now(Settings.from_environment().home).days
    ended = [day for day in pending if day < today]
    if not ended:
        last = today - dt.timedelta(days=1)
        return dg.SkipReason(f"nothing to do up to {last}: {NOTHING_PENDING}")
    days = Days(ended)
    return dg.RunRequest(
        run_key=today.isoformat(), partition_key=recorded_on(days), tags=day_tags(days)
    )
