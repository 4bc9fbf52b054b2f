"""When the daily run starts by itself; every schedule is declared here and nowhere else.

Add here a schedule with its reason. Keep out: what it runs (jobs.py), which days are pending
(runs/days).
"""

import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project.defs.jobs import daily_run, monthly_report
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


def _report_of(month: dt.date, status: str) -> dg.RunRequest:
    config = {"month": month.isoformat(), "status": status}
    return dg.RunRequest(
        run_key=f"{month:%Y-%m} {status}",
        run_config={"ops": {"write_monthly_report": {"config": config}}},
    )


def _months_before(day: dt.date, count: int) -> dt.date:
    """First day of the month so many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - count
    return dt.date(months // 12, months % 12 + 1, 1)


# 12 days after a month: its last deliveries are in, its statistics are not.
@dg.schedule(
    job=monthly_report,
    cron_schedule="0 6 12 * *",
    execution_timezone=TIME_ZONE,
    name="estimate_on_day_12",
    description="Day 12 of each month at 06:00 Viet Nam time: the report of the month before",
)
def estimate_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request the estimate of last month."""
    today = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date()
    return _report_of(_months_before(today, 1), "estimate")


# 45 days after a month: retail sales and trade statistics of the month are out.
@dg.schedule(
    job=monthly_report,
    cron_schedule="0 6 15 * *",
    execution_timezone=TIME_ZONE,
    name="preliminary_on_day_15",
    description="Day 15 of each month at 06:00 Viet Nam time: the report of two months before",
)
def preliminary_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request the preliminary report of the month before last."""
    today = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date()
    return _report_of(_months_before(today, 2), "preliminary")


# In June the annual statistics of the year before are out.
@dg.schedule(
    job=monthly_report,
    cron_schedule="0 6 20 6 *",
    execution_timezone=TIME_ZONE,
    name="official_in_june",
    description="20 June at 06:00 Viet Nam time: the twelve months of the year before",
)
def official_schedule(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest]:
    """Request the official report of every month of last year."""
    year = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).year - 1
    return [_report_of(dt.date(year, month, 1), "official") for month in range(1, 13)]
