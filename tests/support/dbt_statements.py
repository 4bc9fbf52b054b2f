"""Sends the statements that dbt sends for this project, in dbt's place, for a fraction of its CPU.

What dbt sends for a node depends on the project and on whether the node's relation stands, and on
nothing in the data. So one recording a session (everything built on an empty warehouse, then again)
serves every tiny home: `run` looks which relations stand and sends what dbt sent then, seeds and
data tests included. test_dbt_statements.py holds the two against each other. What only dbt can say
(contracts, its errors, its own life) is asked of dbt: tests marked `dbt_itself`, and every run of
`import-risk`.

Add here what a home needs of dbt. Keep out: expectations, and recordings of changed text
(tests/mutants/).
"""

import datetime as dt
import functools
import json
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import duckdb

from runs import dbt_invocation
from tests.support import dbt_listener, once
from tests.support.dbt_listener import Node
from tests.support.dbt_run import (
    DbtFailed,
    dbt_environment,
    dbt_process,
    environment_kept,
    with_project,
)
from tests.support.raw_fixture import build_raw

_EVERYTHING = ("build", "--exclude-resource-type", "unit_test")
# What stands before an option that chooses nodes; with any other option dbt itself is asked.
_CHOICES = {"--select", "--exclude", "--exclude-resource-type", "--indirect-selection"}
_KINDS = {
    "run": ("model",),
    "seed": ("seed",),
    "test": ("test",),
    "build": ("model", "seed", "test"),
}
_DAY = dt.date(2026, 11, 9)
_WRITTEN_FROM_BINS = {f"model.import_risk.int_risk__{name}_points" for name in ("goods", "feature")}


@dataclass(frozen=True)
class _Recorded:
    """In dbt's order: what each node sends while its relation is missing, and when it stands.

    seeds: a database with the seeds, which are copied: dbt does not tell their rows.
    """

    nodes: list[Node]
    again: dict[str, Node]
    seeds: Path


def can_stand_in(arguments: Sequence[str]) -> bool:
    """Whether `run` knows what dbt would do: inside a test session, for commands that choose."""
    options = {part for part in arguments[1:] if part.startswith("-")}
    return once.Shared.folder is not None and arguments[0] in _KINDS and options <= _CHOICES


def run(warehouse: Path, arguments: Sequence[str]) -> None:
    """Do to `warehouse` what `dbt <arguments>` would do.

    Raises DbtFailed with the nodes that failed: a model at once, tests after all have run.
    """
    recorded, chosen = _recorded(), _chosen(tuple(arguments))
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
        connection.execute(f"attach '{recorded.seeds}' as loaded (read_only)")
        standing = _standing(connection)
        if chosen & _WRITTEN_FROM_BINS:
            _require_no_risk_model(connection, standing)
        connection.begin()
        for schema in sorted({node.schema for node in recorded.nodes if node.relation}):
            connection.execute(f'create schema if not exists "{schema}"')
        failed = []
        for node in recorded.nodes:
            if node.unique_id in chosen:
                stands = (node.schema, node.name) in standing
                failed += _failure(connection, recorded.again[node.unique_id] if stands else node)
        connection.commit()
    if failed:
        raise DbtFailed("\n".join(failed))


def stand_in(home_root: Path, arguments: tuple[str, ...]) -> None:
    """What tests.support.dbt_run.run_dbt does inside a test session."""
    if can_stand_in(arguments):
        run(home_root / "work" / "warehouse.duckdb", arguments)
    else:
        dbt_process(home_root, arguments)


@contextmanager
def in_place_of_dbt() -> Iterator[None]:
    """Stand in for dbt where the product itself runs it (runs.dbt_invocation.run)."""
    itself = dbt_invocation.run

    def instead(
        arguments: Sequence[str], *, settings: dbt_invocation.Settings, target: Path
    ) -> None:
        if can_stand_in(arguments):
            run(settings.warehouse, arguments)
        else:
            itself(arguments, settings=settings, target=target)

    with patch.object(dbt_invocation, "run", instead):
        yield


def _require_no_risk_model(
    connection: duckdb.DuckDBPyConnection, standing: set[tuple[str, str]]
) -> None:
    """The one thing in the data that points follow from while dbt compiles: the bins of scorecards.

    Probabilities follow from the bands of any model: what stands in says that there are none.
    """
    if ("raw", "risk_model_version") in standing and connection.execute(
        "select 1 from raw.risk_model_version where kind = 'scorecard' limit 1"
    ).fetchone():
        raise AssertionError("a risk model counts here: ask dbt itself (dbt_run.dbt_process)")


def _standing(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    found = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = current_database()"
    )
    return set(found.fetchall())


def _failure(connection: duckdb.DuckDBPyConnection, node: Node) -> list[str]:
    """Send the node's statements; what a test found, if it found anything."""
    statements = node.statements
    if node.resource_type == "seed":
        where = f"loaded.{node.schema}.{node.name}"
        statements = (f"create or replace table {node.relation} as from {where}",)
    try:
        for statement in statements:
            answer = connection.execute(statement)
    except duckdb.Error as error:
        raise DbtFailed(f"{node.unique_id}: {error}") from error
    if node.resource_type != "test" or node.warns:
        return []
    names = [column[0] for column in answer.description]
    [row] = answer.fetchall()
    found = dict(zip(names, row, strict=True))
    said = f"Failure in test {node.name}: {found['failures']} rows"
    return [said] if found["should_error"] else []


@functools.cache
def _recorded() -> _Recorded:
    folder = once.made("dbt_statements", _record)
    first, second = (dbt_listener.read(folder / f"{name}.json") for name in ("first", "second"))
    nodes = [node for node in first.nodes if node.statements]
    again = {node.unique_id: node for node in second.nodes}
    kept = {node.unique_id: again[node.unique_id] for node in nodes}
    return _Recorded(nodes, kept, folder / "seeds.duckdb")


def _record(folder: Path) -> None:
    home = folder / "home"
    warehouse = home / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(warehouse)) as connection:
        build_raw(connection, {}, (_DAY, _DAY))
    for name in ("first", "second"):
        listing = str(folder / f"{name}.json")
        dbt_process(home, _EVERYTHING, entry=("-m", dbt_listener.__name__, listing))
    shutil.move(warehouse, folder / "seeds.duckdb")
    shutil.rmtree(home)


@functools.cache
def _chosen(arguments: tuple[str, ...]) -> frozenset[str]:
    """The unique ids that dbt would run, kept for the other workers."""
    name = f"chosen-{zlib.crc32(repr(arguments).encode()):x}"
    path = once.made(name, lambda folder: _choose(arguments, folder / "ids.json"))
    return frozenset(json.loads((path / "ids.json").read_text()))


def _choose(arguments: tuple[str, ...], path: Path) -> None:
    from dbt.cli.main import dbtRunner

    kinds = [part for kind in _KINDS[arguments[0]] for part in ("--resource-type", kind)]
    home = path.parent / "home"
    with environment_kept(dbt_environment(home)):
        done = dbtRunner(dbt_invocation.parse(write_json=False)).invoke(
            ["--quiet", "ls", *with_project(arguments[1:]), *kinds, "--output", "json",
             "--output-keys", "unique_id"]
        )  # fmt: skip
    if not done.success or not isinstance(done.result, list):
        raise AssertionError(f"dbt cannot say what {arguments} chooses: {done.exception}")
    shutil.rmtree(home)
    path.write_text(json.dumps([json.loads(entry)["unique_id"] for entry in done.result]))
