"""The landing sensor (late or amended deliveries start a run of the days that they touch) and the
outbox sensor (notices that a channel did not take are tried again).

Add here a sensor over our own ledger. Keep out: cursors over clocks (they skip late files): this
one is stateless, what is pending is worked out from the ledger each time.
"""

import hashlib

import dagster as dg

from dagster_project.defs.jobs import daily_run
from dagster_project.partitions import recorded_on, window_tags
from ledger.chain import Ledger
from notices.dispatch import send_due
from runs.days.editions import superseded
from runs.days.held import next_window
from runs.days.pending import pending_deliveries
from runs.settings import Settings


@dg.sensor(job=daily_run, minimum_interval_seconds=300)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request one run over the pending days: of deliveries and of editions not yet read."""
    home = Settings.from_environment().home
    window = next_window(home)
    if window is None:
        return dg.SkipReason("every accepted delivery and edition is in a release")
    shas = sorted(entry["sha256"] for entry in pending_deliveries(home))
    editions = superseded(home, Ledger(home.ledger).entries())
    shas += sorted(f"{one.kind} {one.day} {one.sha256}" for one in editions)
    return dg.RunRequest(
        run_key=hashlib.sha256("\n".join(shas).encode()).hexdigest(),
        partition_key=recorded_on(window),
        tags=window_tags(window),
    )


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def outbox_sensor() -> dg.SkipReason:
    """Send the notices whose time has come; starts no run. An empty outbox costs a look."""
    done = send_due(Settings.from_environment().home)
    return dg.SkipReason(f"notices sent: {len(done.sent)}, not taken: {len(done.not_taken)}")
