"""Jobs: the daily run, which is also the back-fill of a range.

Add here a job over other assets. Keep out: when it runs (schedules.py, sensors.py).
"""

import dagster as dg

DAILY_JOB = "daily_run"

daily_run = dg.define_asset_job(
    name=DAILY_JOB,
    selection=dg.AssetSelection.all(),
    description="Deliveries of the days to a gated release",
)
