"""Row 8: "reader opens build file / two writers: one flock per warehouse; the second run exits 75
with 'run X holds it since'."

What waits instead: publications among themselves, deliveries (they need no warehouse lock at all).
"""

from pathlib import Path

import duckdb
import pytest

from foundation import locks
from foundation.home import Home
from ledger.chain import Ledger
from tests.faults.conftest import parcel_rows, write_csv
from tests.faults.kills import cli, run
from tests.unit.serving.fake_work import make_work, publish_work


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    make_work(made)
    publish_work(made)
    return made


@pytest.mark.parametrize("command", [("run", "--day", "2026-11-21"), ("rebuild",)])
def test_a_second_writer_exits_75_and_names_the_first(home: Home, command: tuple[str]) -> None:
    with locks.exclusive(home.warehouse_lock, "run 4711"):
        done = run(cli(*command), home)
    assert done.returncode == 75, done.stderr
    assert "run 4711, since 20" in done.stderr


def test_deliveries_and_readers_go_on_beside_a_run(home: Home, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "parcel_manifest.csv", parcel_rows(3))
    with locks.exclusive(home.warehouse_lock, "run 4711"):
        done = run(cli("deliver", path, "--received-date", "2026-11-22", "--json"), home)
        assert done.returncode == 0, done.stderr
        assert run(cli("query", "select 1", "--json"), home).returncode == 0
    assert len(Ledger(home.ledger).deliveries()) == 1


def test_another_process_cannot_open_the_working_database_meanwhile(home: Home) -> None:
    program = f"import duckdb; duckdb.connect({str(home.warehouse)!r}, read_only=True)"
    import subprocess
    import sys

    command = [sys.executable, "-c", program]
    with duckdb.connect(str(home.warehouse)):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Could not set lock" in done.stderr
    assert subprocess.run(command, check=False).returncode == 0
