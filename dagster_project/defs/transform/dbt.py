"""The dbt models as assets, in two sets: the rules and references, and everything by day.

Add here nothing for a new model. Keep out: SQL. The window travels as the table raw.run_window,
never as --vars: vars force a full re-parse and reach unit tests (docs/adr/0004).
Unit tests run in CI only: in a scheduled run they would see the run's data and block it.
"""

import os
from collections.abc import Iterator

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from dagster_project import steps
from dagster_project.dbt_project import ensure_manifest
from dagster_project.dbt_translator import WarehouseTranslator
from dagster_project.defs.ingest.assets import WRITER_POOL
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from dagster_project.settings import DBT_PROJECT
from foundation.progress import report

_MANIFEST = ensure_manifest()
_PROJECT = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT)
_REFERENCES = "resource_type:seed"
_BUILD = ["build", "--exclude-resource-type", "unit_test"]
# A test of a seed against a model runs with the model, not before it exists.
_BUILD_REFERENCES = [*_BUILD, "--indirect-selection", "buildable"]


def _build(
    arguments: list[str],
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    dbt: DbtCliResource,
) -> Iterator[object]:
    settings = warehouse.settings
    # dagster-dbt hands its own environment on to the dbt process and has no argument for it.
    os.environ.update(settings.dbt_environment())
    # One target folder per home: the parsed project is found again by the next invocation.
    target = settings.home.work / "dbt_target"
    stage = f"dbt: {context.op_def.name.removeprefix('dbt_')}"
    events = dbt.cli(arguments, context=context, target_path=target).stream()
    try:
        for done, event in enumerate(events, start=1):
            report(stage, done)
            yield event
    except DagsterDbtCliRuntimeError:
        # Storing the failing rows of every passing test costs more than the tests: only a run
        # that failed repeats its failed tests, and leaves their rows in dbt_test_failures.
        failed = ["test", "--store-failures", "--select", "result:fail", "--state", str(target)]
        dbt.cli(failed, raise_on_error=False, target_path=target / "failed").wait()
        raise


@dbt_assets(
    manifest=_MANIFEST,
    project=_PROJECT,
    select=_REFERENCES,
    name="dbt_references",
    dagster_dbt_translator=WarehouseTranslator(),
    pool=WRITER_POOL,
)
def dbt_references(
    context: dg.AssetExecutionContext, warehouse: Warehouse, dbt: DbtCliResource
) -> Iterator[object]:
    """Dated rules and reference lists; not loaded again while the seeds are the same."""
    if steps.seeds_are_loaded(warehouse.settings):
        for key in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=key, metadata={"seeds": "unchanged"})
        return
    yield from _build(_BUILD_REFERENCES, context, warehouse, dbt)
    steps.mark_seeds_loaded(warehouse.settings)


@dbt_assets(
    manifest=_MANIFEST,
    project=_PROJECT,
    exclude=_REFERENCES,
    name="dbt_daily",
    partitions_def=daily_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    dagster_dbt_translator=WarehouseTranslator(),
    pool=WRITER_POOL,
)
def dbt_daily(
    context: dg.AssetExecutionContext, warehouse: Warehouse, dbt: DbtCliResource
) -> Iterator[object]:
    """Staging, intermediate and marts of the window."""
    yield from _build(_BUILD, context, warehouse, dbt)
