"""Runs dbt against a test home, or what stands in for it (dbt_statements.py, tests.mutants).

dbt runs in a process of its own, artefacts outside the checkout.

Add here what every test that runs dbt, or reads its tables, needs. Keep out: fixtures' rows and
expectations.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from tests.support import warm_python

PROJECT_DIR = Path(__file__).resolve().parents[2] / "dbt"
# dbt with the project as every home parses it; a changed project parses anew, which costs seconds.
# Not `-m dbt.cli.main`: that imports the module twice and warns.
_ENTRY = """
import gc, sys
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from runs import dbt_invocation
gc.disable()
done = dbtRunner(dbt_invocation.parse(write_json=False)).invoke(sys.argv[1:])
DuckDBConnectionManager.close_all_connections()
if done.exception is not None:
    print(done.exception)
sys.exit(0 if done.success else 1)
"""
_ENTRY_OF_ANOTHER = """
import gc
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import cli
gc.disable()
try:
    cli()
finally:
    DuckDBConnectionManager.close_all_connections()
"""


class DbtFailed(AssertionError):
    """dbt ended with a failure; the message carries its output."""


def run_dbt(home_root: Path, *args: str, project: Path = PROJECT_DIR) -> None:
    """Do `dbt <args>` (for example "build", "--select", "core") to `home_root`'s warehouse.

    The warehouse is `warehouse.duckdb` in the folder `work` below `home_root`; close every
    connection to it first. `project`: a changed copy of the dbt project instead of it.
    Target and logs go to `<home_root>/dbt`, so homes never share a partial parse; dbt's own
    `DBT_TARGET_PATH` in the environment wins, to share one parse between homes.
    Raises DbtFailed with dbt's output when a node fails.
    """
    release(home_root)
    if project != PROJECT_DIR:
        dbt_process(home_root, args, project=project)  # nobody stands in for a changed project
    else:
        _run[-1](home_root, args)


def rows_of(home_root: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of `query`, on a connection that is kept until somebody writes: opening costs most.

    Who writes calls `release` first, as `run_dbt` does.
    """
    if home_root not in _readers:
        warehouse = home_root / "work" / "warehouse.duckdb"
        _readers[home_root] = duckdb.connect(str(warehouse), read_only=True)
    return _readers[home_root].execute(query).fetchall()


def release(*homes: Path) -> None:
    """Close what `rows_of` keeps open on these homes."""
    for home in homes:
        if home in _readers:
            _readers.pop(home).close()


def release_all() -> None:
    """Close what `rows_of` keeps open."""
    release(*list(_readers))


@contextmanager
def in_place_of_dbt(run: Callable[[Path, tuple[str, ...]], None]) -> Iterator[None]:
    """Let `run` do what `run_dbt` is asked for."""
    _run.append(run)
    try:
        yield
    finally:
        _run.pop()


@contextmanager
def usually(run: Callable[[Path, tuple[str, ...]], None]) -> Iterator[None]:
    """Let `run` do it where nobody else stands in for dbt (`in_place_of_dbt`)."""
    before, _run[0] = _run[0], run
    try:
        yield
    finally:
        _run[0] = before


def dbt_process(
    home_root: Path,
    args: Sequence[str],
    entry: Sequence[str] | None = None,
    project: Path = PROJECT_DIR,
) -> None:
    """Run dbt on `home_root` in a process of its own, which Python starts as `entry`."""
    if entry is None:
        entry = ("-c", _ENTRY if project == PROJECT_DIR else _ENTRY_OF_ANOTHER)
    command = [sys.executable, *entry, "--no-use-colors", *with_project(args, project)]
    done = warm_python.run(command, dbt_environment(home_root), PROJECT_DIR.parent)
    if done.returncode != 0:
        raise DbtFailed(
            f"dbt {' '.join(args)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )


_readers: dict[Path, duckdb.DuckDBPyConnection] = {}
_run: list[Callable[[Path, tuple[str, ...]], None]] = [dbt_process]


def dbt_environment(home_root: Path) -> dict[str, str]:
    """The environment variables under which dbt works on `home_root`."""
    warehouse = home_root.resolve() / "work" / "warehouse.duckdb"
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    artefacts = home_root.resolve() / "dbt"
    return {
        "DBT_TARGET_PATH": str(artefacts / "target"),
        **os.environ,
        "DBT_LOG_PATH": str(artefacts / "logs"),
        "DO_NOT_TRACK": "1",
        "IMPORT_RISK_HOME": str(home_root.resolve()),
        "IMPORT_RISK_WAREHOUSE": str(warehouse),
    }


@contextmanager
def environment_kept(variables: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """dbt reads its database from the environment; other tests must not see this one's.

    variables: the whole environment meanwhile, when there are any.
    """
    before = dict(os.environ)
    try:
        if variables:
            os.environ.clear()
            os.environ.update(variables)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def with_project(args: Sequence[str], project: Path = PROJECT_DIR) -> list[str]:
    """`args` and where the project and its profiles are."""
    return [*args, "--project-dir", str(project), "--profiles-dir", str(PROJECT_DIR)]
