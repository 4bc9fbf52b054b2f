"""Jobs: the daily run, which is also the back-fill of a range, and the monthly report.

Add here a job over other assets. Keep out: when it runs (schedules.py, sensors.py).
"""

import datetime as dt

import dagster as dg

from runs.impact_report import write_impact_report
from runs.settings import Settings

DAILY_JOB = "daily_run"

daily_run = dg.define_asset_job(
    name=DAILY_JOB,
    selection=dg.AssetSelection.all(),
    description="Deliveries of the days to a gated release",
)


@dg.op(
    config_schema={
        "month": dg.Field(str, description="First day of the month, such as 2026-10-01"),
        "status": dg.Field(str, description="estimate, preliminary or official"),
    },
    description="Báo cáo tác động thị trường của một tháng | The impact report of a month",
)
def write_monthly_report(context: dg.OpExecutionContext) -> None:
    """File the report from the current release; where no approval is asked for, send it.

    Fails when other figures were sent with that status: a correction is a person's, with a reason.
    """
    month = dt.date.fromisoformat(context.op_config["month"])
    written = write_impact_report(
        Settings.from_environment().home, month, status=context.op_config["status"]
    )
    assert written.edition is not None
    grade = written.report.control.grade
    context.log.info(f"confidence {grade}: {written.edition.folder}")


@dg.job(description="The monthly impact report, from the current release")
def monthly_report() -> None:
    """The report of the month that the run's configuration names."""
    write_monthly_report()
