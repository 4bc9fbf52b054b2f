"""The dbt models as assets, in two sets: the rules and references, and everything by day.

Add here nothing for a new model. Keep out: SQL. The window travels as the table raw.run_window,
never as --vars: vars force a full re-parse and reach unit tests (docs/adr/0004).
Unit tests run in CI only: in a scheduled run they would see the run's data and block it.
"""

import os
from collections.abc import Iterator

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

from dagster_project.dbt_project import ensure_manifest
from dagster_project.dbt_translator import WarehouseTranslator
from dagster_project.defs.ingest.assets import WRITER_POOL
from dagster_project.defs.resources import Warehouse
from dagster_project.partitions import daily_partitions
from dagster_project.settings import DBT_PROJECT

_MANIFEST = ensure_manifest()
_PROJECT = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT)
_REFERENCES = "resource_type:seed"
_BUILD = ["build", "--exclude-resource-type", "unit_test"]


def _build(
    context: dg.AssetExecutionContext, warehouse: Warehouse, dbt: DbtCliResource
) -> Iterator[object]:
    # dagster-dbt hands its own environment on to the dbt process and has no argument for it.
    os.environ.update(warehouse.settings.dbt_environment())
    yield from dbt.cli(_BUILD, context=context).stream()


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
    """Dated rules and reference lists."""
    yield from _build(context, warehouse, dbt)


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
    yield from _build(context, warehouse, dbt)
