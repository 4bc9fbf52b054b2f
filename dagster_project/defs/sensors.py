"""The landing sensor (late or amended deliveries start a run of the days that they touch) and the
outbox sensor (notices that a channel did not take are tried again).

Add here a sensor over our own ledger. Keep out: cursors over clocks (they skip late files): this
one is stateless, what is pending is worked out from the ledger each time.
"""

import hashlib

import dagster as dg

from dagster_project.defs.jobs import daily_run
from dagster_project.partitions import day_tags, recorded_on
from notices.dispatch import send_due
from runs.days.plan import NOTHING_PENDING
from runs.days.reading import plan_now
from runs.editions import queue_released
from runs.settings import Settings


@dg.sensor(job=daily_run, minimum_interval_seconds=300)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request one run over the pending days: of deliveries, and of editions and risk models not yet
    read."""
    plan = plan_now(Settings.from_environment().home)
    if not plan.days:
        return dg.SkipReason(f"nothing to do: {NOTHING_PENDING}")
    shas = sorted(entry.body["sha256"] for entry in plan.past.pending)
    shas += sorted(f"{one.kind} {one.day} {one.sha256}" for one in plan.past.superseded or ())
    # With the promotion: the way back, promoted twice, asks for the same days and version twice.
    shas += sorted(
        f"{one.risk_type} {one.day} {one.version} {one.seq}" for one in plan.past.remodelled or ()
    )
    return dg.RunRequest(
        run_key=hashlib.sha256("\n".join(shas).encode()).hexdigest(),
        partition_key=recorded_on(plan.asked),
        tags=day_tags(plan.asked),
    )


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def outbox_sensor() -> dg.SkipReason:
    """Send the notices whose time has come; starts no run. An empty outbox costs a look."""
    home = Settings.from_environment().home
    queue_released(home)  # what a process that died right after a release left
    done = send_due(home)
    return dg.SkipReason(f"notices sent: {len(done.sent)}, not taken: {len(done.not_taken)}")
