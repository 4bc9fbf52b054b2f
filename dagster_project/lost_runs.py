"""Dagster runs whose process died: marked as failed, so that the queue goes on.

Add here another thing that Dagster keeps of a dead run. Keep out: what a kill leaves in the home
(recovery/leftovers.py).
"""

from typing import Any


def mark_lost_runs(instance: Any) -> tuple[str, ...]:
    """Mark as failed every Dagster run whose process died, and free its pool slots.

    Call under the warehouse lock, before a run starts: whatever is still called running then is
    not, and would hold the queue (one run at a time) for ever.
    """
    import dagster as dg

    running = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    lost = instance.get_runs(dg.RunsFilter(statuses=running))
    for run in lost:
        instance.report_run_failed(run, "the process of this run died before the run ended")
    if instance.event_log_storage.supports_global_concurrency_limits:
        for run in lost:
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return tuple(run.run_id for run in lost)
