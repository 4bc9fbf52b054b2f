"""The dbt models as assets, in two sets: the rules and references, and everything by day.

Add here nothing for a new model. Keep out: SQL. The window travels as the table raw.run_window,
never as --vars: vars force a full re-parse and reach unit tests (docs/adr/0004).
Unit tests run in CI only: in a scheduled run they would see the run's data and block it.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from dagster_project.dbt_translator import WarehouseTranslator
from dagster_project.defs.ingest.assets import WRITER_POOL
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from foundation.faults import fault_point
from foundation.progress import report
from runs import dbt_invocation, steps, working_schema
from runs.days import later_days
from runs.dbt_project import ensure_manifest
from runs.settings import DBT_PROJECT, Settings

_MANIFEST = ensure_manifest()
_PROJECT = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT)
_TRANSLATOR = WarehouseTranslator()
_REFERENCES = "resource_type:seed"
_BUILD = ("build", "--exclude-resource-type", "unit_test")
# A test of a seed against a model runs with the model, not before it exists.
_BUILD_REFERENCES = (*_BUILD, "--indirect-selection", "buildable")


def _build(
    arguments: tuple[str, ...], context: dg.AssetExecutionContext, settings: Settings
) -> Iterator[object]:
    # One target folder per home: the parsed project is found again by the next invocation.
    target = settings.home.work / "dbt_target"
    stage = f"dbt: {context.op_def.name.removeprefix('dbt_')}"
    chosen = get_updated_cli_invocation_params_for_context(
        context=context, manifest={}, dagster_dbt_translator=_TRANSLATOR
    )
    command = [*arguments, *chosen.selection_args]
    if chosen.indirect_selection is not None:
        command += ["--indirect-selection", chosen.indirect_selection]
    project = chosen.dbt_project or _PROJECT
    try:
        for done, event in enumerate(
            dbt_invocation.results(
                command, settings=settings, target=target, project_dir=Path(project.project_dir)
            ),
            start=1,
        ):
            report(stage, done)
            fault_point("model_finished")
            yield from DbtCoreCliEventMessage(event, {}).to_default_asset_events(
                manifest=chosen.manifest,
                dagster_dbt_translator=chosen.dagster_dbt_translator,
                context=context,
                target_path=target,
                project=project,
            )
    except dbt_invocation.DbtFailed as failure:
        _store_failing_rows(failure, settings, target)
        raise


def _store_failing_rows(
    failure: dbt_invocation.DbtFailed, settings: Settings, target: Path
) -> None:
    """Leave the rows of failed tests in schema dbt_test_failures of the working database.

    Storing them for every passing test costs more than the tests: only a failed run repeats them.
    """
    tests = [name.split(".")[2] for name in failure.failed_nodes if name.startswith("test.")]
    if not tests:
        return
    try:
        dbt_invocation.run(
            ["test", "--store-failures", "--select", *tests], settings=settings, target=target
        )
    except dbt_invocation.DbtFailed:
        # They fail again, as they should: the caller raises the first failure.
        return


@dbt_assets(
    manifest=_MANIFEST,
    project=_PROJECT,
    select=_REFERENCES,
    name="dbt_references",
    dagster_dbt_translator=_TRANSLATOR,
    pool=WRITER_POOL,
)
def dbt_references(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[object]:
    """Dated rules and reference lists; not loaded again while the seeds are the same."""
    if steps.seeds_are_loaded(warehouse.settings):
        for key in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=key, metadata={"seeds": "unchanged"})
        return
    yield from _build(_BUILD_REFERENCES, context, warehouse.settings)
    steps.mark_seeds_loaded(warehouse.settings)
    fault_point("seeds_loaded")


@dbt_assets(
    manifest=_MANIFEST,
    project=_PROJECT,
    exclude=_REFERENCES,
    name="dbt_daily",
    partitions_def=daily_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    dagster_dbt_translator=_TRANSLATOR,
    pool=WRITER_POOL,
)
def dbt_daily(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[object]:
    """Staging, intermediate and marts of the window, and later days that read what it changed."""
    yield from _build(_BUILD, context, warehouse.settings)
    evidence = steps.evidence_folder(warehouse.settings.home, context.run_id)
    later_days.refresh(warehouse.settings, context.run_id, evidence, on_record=True)
    working_schema.stamp(warehouse.settings)
    fault_point("models_finished")
