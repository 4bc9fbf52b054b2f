"""Row 6: "WAL left next to the published file: publish only after CHECKPOINT + close + re-open
read-only in a NEW process; `.wal` must not exist."

A log of the working database is another matter: it holds committed rows and is replayed.
"""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.current import current, require_current
from serving.reader import query
from serving.release import build, publish
from tests.faults.kill_stages import PUBLISH_FAKE, stage
from tests.faults.kills import SIGKILLED, run
from tests.unit.serving.fake_work import PLAN, make_work, publish_work

# Changes the working database and dies with the log beside it, as a killed run does.
KILLED_WRITER = """
import os, signal, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("pragma disable_checkpoint_on_shutdown")
connection.execute("update risk.fct_selections set lane = 'yellow'")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    make_work(made)
    return made


def test_a_candidate_with_a_log_is_not_published(home: Home) -> None:
    for with_log in (True, False):
        candidate = build(
            home, PLAN, warehouse=home.warehouse, gate_rows=[], run_facts={}, first_releases={}
        )
        log = candidate.folder / "customs" / "warehouse.duckdb.wal"
        if with_log:
            log.write_bytes(b"")
            with pytest.raises(WarehouseError, match="write-ahead log"):
                publish(home, candidate, base=None, verdict_check=lambda: None)
            assert current(home) is None
        else:
            publish(home, candidate, base=None, verdict_check=lambda: None)
            assert current(home) is not None


def test_a_log_that_appears_beside_a_published_file_stops_readers(home: Home) -> None:
    publish_work(home)
    database = require_current(home).database("customs")
    assert query(home, "select 1").num_rows == 1
    log = database.with_name(f"{database.name}.wal")
    log.write_bytes(b"")
    with pytest.raises(WarehouseError, match="write-ahead log"):
        query(home, "select 1")
    log.unlink()
    assert query(home, "select 1").num_rows == 1


def test_a_log_of_the_working_database_is_replayed_into_the_release(home: Home) -> None:
    command = [sys.executable, "-c", KILLED_WRITER, str(home.warehouse)]
    assert subprocess.run(command, check=False).returncode == SIGKILLED
    assert home.warehouse.with_name(f"{home.warehouse.name}.wal").stat().st_size > 0
    assert run(stage(PUBLISH_FAKE), home).returncode == 0
    with duckdb.connect(str(require_current(home).database("customs")), read_only=True) as reader:
        assert reader.execute("select lane from risk.fct_selections").fetchall() == [("yellow",)]
    logs = list(require_current(home).folder.rglob("*.wal"))
    assert logs == []
