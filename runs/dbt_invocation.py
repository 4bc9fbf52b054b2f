"""One dbt command, run in this process.

Defines: `results` (a command, its nodes as they finish), `run` (a command for its effect), `parse`
and `DbtFailed`. Add here what every dbt command needs. Keep out: which
commands a run needs and what a node means to Dagster (defs/transform/).

Why in this process: dagster-dbt's own resource starts dbt twice for each command and passes every
debug event as JSON text between processes, which was half the cost of a day (docs/adr/0011).
"""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from dbt.adapters.duckdb import DuckDBAdapter
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import FACTORY
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg
from dbt_common.events.functions import msg_to_dict

from foundation import disk, memory
from foundation.errors import WarehouseError
from foundation.garbage import no_search_for_cycles
from runs.settings import DBT_PROJECT, DBT_TARGET, Settings
from runs.space import space_needed

# What dbt says once per finished node; the only events worth converting.
_NODE_RESULTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
_FAILED_STATUSES = {"error", "fail", "runtime error"}
_FAILURES_NAMED = 5
_TURN_SECONDS = 0.0005

# Where dbt keeps the parsed project: one for all homes.
PARSED = DBT_PROJECT / "target"
# dbt forgets a parsed project when the environment of its profile changes; every home would parse
# again. Parsing opens no database, so it is done under a path that means no home.
_NO_WAREHOUSE = {
    "IMPORT_RISK_WAREHOUSE": "none/warehouse.duckdb",
    "IMPORT_RISK_MEMORY_LIMIT": "",
    "IMPORT_RISK_SPILL_FOLDER": "none",
}
_MEND = "mend the model, or the rows that the failed test names"


class DbtFailed(WarehouseError):
    """A dbt command did not succeed. `failed_nodes`: unique ids of the nodes that failed.

    When a limit was met (memory, disk), what and remedy say so: no model needs mending then.
    """

    def __init__(
        self, what: str, *, where: str, failed_nodes: Sequence[str], remedy: str = _MEND
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.failed_nodes = tuple(failed_nodes)


def parse(*, write_json: bool) -> Manifest:
    """The parsed project as a fresh object (commands change it); quick when nothing changed.

    write_json: also write `manifest.json` below PARSED. Raises DbtFailed with dbt's own words.
    """
    before = {name: os.environ.get(name) for name in _NO_WAREHOUSE}
    os.environ.update(_NO_WAREHOUSE)
    try:
        command = ["--quiet", "parse", "--write-json" if write_json else "--no-write-json"]
        outcome = dbtRunner().invoke(_located(command, PARSED, DBT_PROJECT))
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    if not isinstance(outcome.result, Manifest):
        raise DbtFailed(
            f"the dbt project does not parse: {outcome.exception}",
            where=str(DBT_PROJECT),
            failed_nodes=(),
        )
    return outcome.result


def run(arguments: Sequence[str], *, settings: Settings, target: Path) -> None:
    """Run `dbt <arguments>` for its effect. Raises DbtFailed."""
    for _ in results(arguments, settings=settings, target=target):
        pass


def results(
    arguments: Sequence[str],
    *,
    settings: Settings,
    target: Path,
    project_dir: Path = DBT_PROJECT,
) -> Iterator[dict[str, Any]]:
    """Run `dbt <arguments>`; yields dbt's structured event of each model, seed and test that ended.

    `target`: folder for compiled SQL and results. Raises DbtFailed after the last event; an
    interruption cancels the queries that are running.
    """
    manifest = parse(write_json=False)
    # profiles.yml reads the environment; dbt has no other way to be told.
    os.environ.update(settings.dbt_environment())
    command = _located(["--no-use-colors", "--no-write-json", *arguments], target, project_dir)
    # None ends the stream. Unbounded: a slow consumer must not hold up the queries.
    finished: SimpleQueue[EventMsg | None] = SimpleQueue()
    outcome: list[dbtRunnerResult] = []

    def keep(event: EventMsg) -> None:
        if event.info.name in _NODE_RESULTS:
            finished.put(event)

    def invoke() -> None:
        try:
            outcome.append(dbtRunner(manifest, callbacks=[keep]).invoke(command))
        finally:
            finished.put(None)

    worker = threading.Thread(target=invoke, name=f"dbt {arguments[0]}", daemon=True)
    # Its search goes through the parsed project again and again: a quarter of a small build's CPU,
    # for 90 MB that wait until the end.
    with no_search_for_cycles(), _short_turns():
        worker.start()
        try:
            while (event := finished.get()) is not None:
                yield msg_to_dict(event)
        finally:
            # Alive only when the consumer was interrupted: each query that still starts is
            # cancelled.
            while worker.is_alive():
                _cancel_queries()
                worker.join(timeout=1)
            # dbt keeps the database open until the process ends; the next step needs the file.
            DuckDBConnectionManager.close_all_connections()
    _raise_unless_successful(arguments, outcome, settings)
    # The nodes and their times, as dbt writes them; the manifest beside it would be the same file
    # of 2 MB for every command, a tenth of a small one's CPU.
    for ended in outcome:
        if isinstance(ended.result, RunExecutionResult):
            ended.result.write(str(target / "run_results.json"))


@contextmanager
def _short_turns() -> Iterator[None]:
    """The block with Python's threads giving way after half a millisecond instead of five.

    dbt sends some thousand short queries from two threads, and after each one waits for its turn
    behind the other and Dagster's: a tenth of a small run's time (docs/adr/0011).
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _cancel_queries() -> None:
    # None before dbt has read its profile; then there is nothing to cancel yet.
    adapter = FACTORY.adapters.get("duckdb")
    if isinstance(adapter, DuckDBAdapter):
        adapter.cancel_open_connections()


def _located(arguments: Sequence[str], target: Path, project_dir: Path) -> list[str]:
    """The command line with every path and no log file: the run's own log holds what dbt says."""
    return [
        *("--log-level-file", "none", "--log-path", str(target)),
        *arguments,
        *("--project-dir", str(project_dir), "--profiles-dir", str(DBT_PROJECT)),
        *("--target", DBT_TARGET, "--target-path", str(target)),
    ]


def _raise_unless_successful(
    arguments: Sequence[str], outcome: list[dbtRunnerResult], settings: Settings
) -> None:
    command = f"dbt {arguments[0]}"
    if not outcome:
        raise DbtFailed(f"{command} ended without a result", where=command, failed_nodes=())
    [result] = outcome
    if result.success:
        return
    if result.exception is not None:
        met = _limit_met(command, str(result.exception), command, settings)
        raise met or DbtFailed(
            f"{command} did not start: {result.exception}", where=command, failed_nodes=()
        ) from result.exception
    if not isinstance(result.result, RunExecutionResult):
        raise DbtFailed(f"{command} failed and named no node", where=command, failed_nodes=())
    failed = [node for node in result.result.results if str(node.status) in _FAILED_STATUSES]
    nodes = [node.node.unique_id for node in failed]
    named = [f"{node.node.unique_id}: {node.message}" for node in failed[:_FAILURES_NAMED]]
    if len(failed) > len(named):
        named.append(f"and {len(failed) - len(named)} more")
    where = ", ".join(nodes[:_FAILURES_NAMED])
    met = _limit_met(command, "\n".join(str(node.message) for node in failed), where, settings)
    raise met or DbtFailed(
        f"{command}: {len(failed)} nodes failed; " + "; ".join(named),
        where=command,
        failed_nodes=nodes,
    )


def _limit_met(command: str, said: str, where: str, settings: Settings) -> DbtFailed | None:
    """The failure when dbt's own words name a limit of this machine; failed tests are not
    repeated then to keep their rows (no failed_nodes)."""
    error: WarehouseError
    if memory.is_short(said):
        error = memory.short(command, limit=settings.memory_limit, where=where)
    elif disk.is_full(said):
        error = disk.full(settings.home.work, need=space_needed(settings.home), what=command)
    else:
        return None
    return DbtFailed(error.what, where=error.where, failed_nodes=(), remedy=error.remedy)
