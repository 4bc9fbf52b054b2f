"""When the daily run starts by itself; every schedule is declared here and nowhere else.

Add here a schedule with its reason. Keep out: what it runs (jobs.py).
"""

import dagster as dg

from dagster_project.defs.jobs import daily_run

# 06:00 Viet Nam time: compliance is computed at 00:00 and operators deliver the day by 05:00.
daily_schedule = dg.build_schedule_from_partitioned_job(
    daily_run,
    name="daily_at_06_00",
    hour_of_day=6,
    minute_of_hour=0,
    description="The day that has ended, every morning at 06:00 Viet Nam time",
)
