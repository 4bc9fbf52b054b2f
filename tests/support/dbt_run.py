"""Runs dbt against a test home, in a process of its own, artefacts outside the checkout.

Add here what every test that runs dbt needs. Keep out: fixtures' rows and expectations.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2] / "dbt"
# Not `-m dbt.cli.main`: that imports the module twice and warns.
_ENTRY = "from dbt.cli.main import cli; cli()"


class DbtFailed(AssertionError):
    """dbt ended with a failure; the message carries its output."""


def run_dbt(home_root: Path, *args: str, project: Path = PROJECT_DIR) -> None:
    """Run `dbt <args>` (for example "build", "--select", "core") on `home_root`'s warehouse.

    The warehouse is `warehouse.duckdb` in the folder `work` below `home_root`; close every
    connection to it first. `project`: a changed copy of the dbt project instead of it.
    Target and logs go to `<home_root>/dbt`, so homes never share a partial parse; dbt's own
    `DBT_TARGET_PATH` in the environment wins, to share one parse between homes.
    Raises DbtFailed with dbt's output when a node fails.
    """
    environment = dbt_environment(home_root)
    done = subprocess.run(
        [sys.executable, "-c", _ENTRY, "--no-use-colors", *_with_project(args, project)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DbtFailed(
            f"dbt {' '.join(args)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )


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


def _with_project(args: Sequence[str], project: Path = PROJECT_DIR) -> list[str]:
    return [*args, "--project-dir", str(project), "--profiles-dir", str(PROJECT_DIR)]
