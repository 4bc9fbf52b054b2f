"""Runs every dbt unit test of the project, and beside each one a copy whose expectation is wrong.

One dbt invocation for both, so that the negative control costs no second one. Started as a process
of its own by `run_unit_tests`. Add here nothing but how they are run; what they expect stands in
`*__unit_tests.yml` beside the models.
"""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.dbt_run import PROJECT_DIR, DbtFailed, dbt_environment, with_project

_WRONG = "__with_a_wrong_expectation"


def run_unit_tests(home_root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Status of every unit test by name, and of its copy with one expected row left out.

    The relations that the unit tests read must exist on `home_root`'s warehouse: dbt asks them for
    the types of their columns.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        env=dbt_environment(home_root),
        cwd=PROJECT_DIR.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DbtFailed(f"the unit tests did not run\n{done.stdout}{done.stderr}")
    status = json.loads(done.stdout.splitlines()[-1])
    right = {name: found for name, found in status.items() if not name.endswith(_WRONG)}
    wrong = {
        name.removesuffix(_WRONG): found for name, found in status.items() if name.endswith(_WRONG)
    }
    return right, wrong


def _with_wrong_copies(manifest: Any) -> None:
    """Add a copy of every unit test that expects one row less than the original."""
    for test in list(manifest.unit_tests.values()):
        wrong = copy.deepcopy(test)
        wrong.name += _WRONG
        wrong.unique_id += _WRONG
        wrong.expect.rows = wrong.expect.rows[1:]
        manifest.unit_tests[wrong.unique_id] = wrong


def _main() -> None:
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(with_project(["parse"]))
    if parsed.exception is not None:
        raise parsed.exception
    _with_wrong_copies(parsed.result)
    ran = dbtRunner(manifest=parsed.result).invoke(
        with_project(["test", "--select", "test_type:unit"])
    )
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
