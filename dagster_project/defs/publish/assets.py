"""The release: what readers get, published only on passing verdicts.

Add here another published form. Keep out: how a release is built and switched (serving/).
"""

import dagster as dg

from dagster_project.dbt_translator import DAILY_FRESHNESS, DEFAULT_OWNER
from dagster_project.defs.ingest.assets import WRITER_POOL
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from runs import steps
from runs.dbt_project import published_nodes


@dg.asset(
    deps=[dg.AssetKey(node["name"]) for node in published_nodes()],
    description=(
        "Bản phát hành bất biến cho từng nhóm người đọc, chuyển đổi nguyên tử | "
        "Immutable release per audience, switched atomically"
    ),
    group_name="release",
    owners=[DEFAULT_OWNER],
    kinds={"duckdb"},
    partitions_def=daily_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    freshness_policy=DAILY_FRESHNESS,
    pool=WRITER_POOL,
)
def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Build, verify and switch to the new release."""
    release_id = steps.publish(warehouse.settings, context.run_id)
    return dg.MaterializeResult(metadata={"release_id": release_id})
