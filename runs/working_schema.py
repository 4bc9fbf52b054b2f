"""Whether the working database was made by code whose tables still fit (docs/adr/0016).

Only tables that keep earlier rows matter: everything else a run makes anew. They are never altered
in place. Add here another way in which a working database may not fit. Keep out: making it anew
(rebuild.py) and the types of columns, which the day_window materialization compares (dbt/).
"""

import datetime as dt
from collections.abc import Iterable

import duckdb

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.store.landing import days_with_data
from ledger.chain import Ledger
from runs import dbt_project
from runs.days.day_set import days_of_facts
from runs.settings import Settings

_REMEDY = "run `import-risk rebuild`: it makes the working database anew from raw rows"
_STAMP = "pipeline.made_by"
_KEPT = ("day_window", "published_once")


def require_fitting(settings: Settings, days: Iterable[dt.date]) -> None:
    """Raise WarehouseError unless a run over `days` may write into the working database.

    It may not when tables that keep earlier days have other columns than the models, or when they,
    or the whole database, are missing although released days outside `days` have rows: a release
    made of it would silently lack those days.
    """
    present = _columns(settings)
    if differing := misfits(present):
        raise WarehouseError(
            f"the working database was made by other code (code {_made_by(settings)}): "
            f"{'; '.join(differing)}",
            where=str(settings.warehouse),
            remedy=_REMEDY,
        )
    missing = sorted(set(_kept_tables()) - set(present))
    if missing and (lost := sorted(released_days(settings.home) - set(days))):
        what = "there is no working database" if not present else f"{missing[0]} is missing in it"
        raise WarehouseError(
            f"{what}, and {len(lost)} released days with rows are not in this run"
            f" ({lost[0]} to {lost[-1]})",
            where=str(settings.warehouse),
            remedy=_REMEDY,
        )


def misfits(present: dict[str, set[str]]) -> list[str]:
    """Tables that keep earlier days in other columns than the models state, one phrase a table."""
    return [
        f"{name} differs in {', '.join(sorted(present[name] ^ wanted))}"
        for name, wanted in _kept_tables().items()
        if name in present and present[name] != wanted
    ]


def stamp(settings: Settings) -> None:
    """Note in the working database which code wrote it last."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema if not exists pipeline")
        connection.execute(
            f"create or replace table {_STAMP} as select ? as code_sha256",
            [dbt_project.code_hash()],
        )


def released_days(home: Home) -> set[dt.date]:
    """Released days that have rows today."""
    days: set[dt.date] = set()
    for entry in Ledger(home.ledger).entries():
        if entry.kind == "release":
            days |= set(days_of_facts(entry.body))
    return days & set(days_with_data(home)) if days else set()


def _kept_tables() -> dict[str, set[str]]:
    """`schema.table` -> columns of every model that keeps rows, as the models declare them."""
    return {
        f"{node['schema']}.{node['name']}": {name.lower() for name in node["columns"]}
        for node in dbt_project.manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["materialized"] in _KEPT
    }


def _columns(settings: Settings) -> dict[str, set[str]]:
    """`schema.table` -> columns, of the tables that keep earlier days and are there."""
    if not settings.warehouse.is_file():
        return {}
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        # Not duckdb_columns(): it binds every view, also those over raw files that are gone.
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        return {
            name: {row[0].lower() for row in connection.execute(f"describe {name}").fetchall()}
            for (name,) in tables
            if name in _kept_tables()
        }


def _made_by(settings: Settings) -> str:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        try:
            found = connection.execute(f"select code_sha256 from {_STAMP}").fetchone()
        except duckdb.CatalogException:
            return "unknown, before databases were stamped"
    return str(found[0])[:12] if found else "unknown"
