"""Jobs: the daily run, which is also the back-fill of a range.

Add here a job over other assets. Keep out: when it runs (schedules.py, sensors.py).
"""

import dagster as dg

from foundation.home import Home
from runs import steps
from runs.evidence import record_failure

DAILY_JOB = "daily_run"


@dg.failure_hook
def keep_what_stopped_the_run(context: dg.HookContext) -> None:
    """Leave runs/<run_id>/failure.json for the quality page."""
    evidence = steps.evidence_folder(Home.from_environment(), context.run_id)
    record_failure(evidence, context.op.name, context.op_exception)


daily_run = dg.define_asset_job(
    name=DAILY_JOB,
    selection=dg.AssetSelection.all(),
    description="Deliveries of the window to a gated release",
    executor_def=dg.in_process_executor,
    hooks={keep_what_stopped_the_run},
)
