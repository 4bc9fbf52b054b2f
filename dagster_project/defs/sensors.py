"""The landing sensor: late or amended deliveries start a run of the days that they touch.

Add here a sensor over our own ledger. Keep out: cursors over clocks (they skip late files): this
one is stateless, what is pending is worked out from the ledger each time.
"""

import hashlib

import dagster as dg

from dagster_project.defs.jobs import daily_run
from dagster_project.pending import pending_deliveries, pending_window
from dagster_project.settings import Settings

# Dagster reads a partition range of a single run from these two tags.
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"


@dg.sensor(job=daily_run, minimum_interval_seconds=300)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request one run over the days of deliveries that no release holds yet."""
    home = Settings.from_environment().home
    window = pending_window(home)
    if window is None:
        return dg.SkipReason("every accepted delivery is in a release")
    shas = sorted(entry["sha256"] for entry in pending_deliveries(home))
    return dg.RunRequest(
        run_key=hashlib.sha256("\n".join(shas).encode()).hexdigest(),
        tags={
            RANGE_START_TAG: window.from_day.isoformat(),
            RANGE_END_TAG: window.to_day.isoformat(),
        },
    )
