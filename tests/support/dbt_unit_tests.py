"""Runs every dbt unit test of the project, and beside them a copy of one with a wrong expectation.

One dbt invocation for all, so that the negative control costs no second one. Started as a process
of its own by `run_unit_tests`. Add here nothing but how they are run; what they expect stands in
`*__unit_tests.yml` beside the models.
"""

import copy
import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

import duckdb

from tests.support import warm_python
from tests.support.dbt_run import PROJECT_DIR, DbtFailed, dbt_environment, with_project

UNIT_TESTS = ("test", "--select", "test_type:unit")
_WRONG = "__with_a_wrong_expectation"


def run_unit_tests(home_root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Status of every unit test by name, and of the copy with one expected row left out.

    dbt asks the relations that a unit test names for the types of their columns: those that
    `home_root`'s warehouse lacks are made first.
    """
    status = json.loads(_process(home_root, "all").splitlines()[-1])
    right = {name: found for name, found in status.items() if not name.endswith(_WRONG)}
    wrong = {
        name.removesuffix(_WRONG): found for name, found in status.items() if name.endswith(_WRONG)
    }
    return right, wrong


def make_relations(home_root: Path) -> None:
    """Make what the unit tests name and the warehouse lacks, and run none of them."""
    _process(home_root, "relations")


def _process(home_root: Path, what: str) -> str:
    command = [sys.executable, "-m", __name__, what]
    done = warm_python.run(command, dbt_environment(home_root), PROJECT_DIR.parent)
    if done.returncode != 0:
        raise DbtFailed(f"the unit tests did not run\n{done.stdout}{done.stderr}")
    return done.stdout


def _with_a_wrong_copy(manifest: Any) -> None:
    """Add a copy of the first unit test that expects one row less than the original."""
    wrong = copy.deepcopy(min(manifest.unit_tests.values(), key=lambda test: test.unique_id))
    wrong.name += _WRONG
    wrong.unique_id += _WRONG
    wrong.expect.rows = wrong.expect.rows[1:]
    manifest.unit_tests[wrong.unique_id] = wrong


def _missing_models(manifest: Any) -> list[str]:
    """Names of the models above a unit test whose relations do not exist yet."""
    with duckdb.connect(os.environ["IMPORT_RISK_WAREHOUSE"], read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    above: set[str] = set()
    tested = [node_id for test in manifest.unit_tests.values() for node_id in test.depends_on.nodes]
    waiting = [parent for node_id in tested for parent in manifest.nodes[node_id].depends_on.nodes]
    while waiting:
        node = manifest.nodes.get(waiting.pop())
        if node is not None and node.resource_type == "model" and node.unique_id not in above:
            above.add(node.unique_id)
            waiting.extend(node.depends_on.nodes)
    nodes = [manifest.nodes[node_id] for node_id in sorted(above)]
    return [node.name for node in nodes if (node.schema, node.alias) not in tables]


def _main() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from runs import dbt_invocation

    manifest = dbt_invocation.parse(write_json=False)
    gc.disable()
    missing = _missing_models(manifest)
    if missing:
        made = dbtRunner(manifest).invoke(with_project(["run", "--select", *missing]))
        if not made.success:
            raise SystemExit(str(made.exception))
    if sys.argv[1] == "relations":
        DuckDBConnectionManager.close_all_connections()
        return
    _with_a_wrong_copy(manifest)
    ran = dbtRunner(manifest).invoke(with_project(UNIT_TESTS))
    DuckDBConnectionManager.close_all_connections()
    if ran.result is None:
        raise SystemExit(str(ran.exception))
    found = {
        result.node.name: str(result.status)
        for result in ran.result.results
        if result.node.resource_type == "unit_test"  # not the hook at the start of a run
    }
    print(json.dumps(found))


if __name__ == "__main__":
    _main()
