"""When the daily run starts by itself; every schedule is declared here and nowhere else.

Add here a schedule with its reason. Keep out: what it runs (jobs.py), which days are pending
(runs/days).
"""

import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project.defs.jobs import daily_run, monthly_report
from dagster_project.partitions import day_tags, recorded_on
from reports.due_dates import due_on
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


# 12 days after a month its last deliveries are in; 45 days after, its statistics; in June those of
# the year before. 45 days after a month is one of the days 14 to 17.
@dg.schedule(
    job=monthly_report,
    cron_schedule="0 6 12,14-17,20 * *",
    execution_timezone=TIME_ZONE,
    name="monthly_report_when_due",
    description=(
        "06:00 Viet Nam time: on day 12 the estimate of the month before, 45 days after a month "
        "its preliminary figures, on 20 June the official ones of the year before"
    ),
)
def report_schedule(
    context: dg.ScheduleEvaluationContext,
) -> list[dg.RunRequest] | dg.SkipReason:
    """Request the editions that are due today (reports/due_dates.py)."""
    today = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date()
    return [_report_of(month, status) for month, status in due_on(today)] or dg.SkipReason(
        f"no figures are due on {today}"
    )


def _report_of(month: dt.date, status: str) -> dg.RunRequest:
    config = {"month": month.isoformat(), "status": status}
    return dg.RunRequest(
        run_key=f"{month:%Y-%m} {status}",
        run_config={"ops": {"write_monthly_report": {"config": config}}},
    )
