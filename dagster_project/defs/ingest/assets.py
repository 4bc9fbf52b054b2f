"""Raw rows of the days of a run, one asset per raw table, registered in one step.

Add here nothing for a new source: the list comes from the dbt sources. Keep out: reading files
(`import-risk deliver`), which happens when a delivery arrives, not when a day is computed.
"""

from collections.abc import Iterator

import dagster as dg

from dagster_project.dbt_translator import DAILY_FRESHNESS, DEFAULT_OWNER, raw_key
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from dagster_project.whole_runs import keep_what_stopped_the_run
from runs import steps
from runs.dbt_project import raw_sources

WRITER_POOL = "duckdb_writer"


@dg.multi_asset(
    name="raw_window",
    specs=[
        dg.AssetSpec(
            key=raw_key(source["name"]),
            description=source["description"],
            group_name="raw",
            owners=[DEFAULT_OWNER],
            kinds={"parquet", "duckdb"},
            freshness_policy=DAILY_FRESHNESS,
        )
        for source in raw_sources()
    ],
    partitions_def=daily_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WRITER_POOL,
    hooks={keep_what_stopped_the_run},
)
def raw_window(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult]:
    """Make the accepted deliveries of the days readable for dbt."""
    counts = steps.land_days(warehouse.settings, context.run_id, warehouse.plan)
    for source in raw_sources():
        yield dg.MaterializeResult(
            asset_key=raw_key(source["name"]),
            metadata={"dagster/partition_row_count": counts[source["name"]]},
        )
