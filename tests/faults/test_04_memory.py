"""Row 4: "memory too small: memory_limit and temp_directory set explicitly; fails cleanly."

Each stage runs in a child under a limit: it ends with an error that names memory, nothing is
accepted or published, and the same work without the limit succeeds.
"""

from pathlib import Path

import pytest

from foundation.home import Home
from ledger.chain import Ledger
from tests.faults.conftest import parcel_rows, write_csv
from tests.faults.kill_stages import PUBLISH_FAKE, stage
from tests.faults.kills import environment, leftovers, remember, run, violations
from tests.faults.limits import limited
from tests.faults.test_03_disk_full import DELIVER, LIMITED_PUBLISH
from tests.unit.serving.fake_work import make_work, publish_work

# Rows that do not fit: a table larger than the limit.
WIDE = "insert into risk.fct_selections select 'P-' || i, '2026-03-10', repeat('x', 90), 'red'," \
       " md5(i::varchar), 1 from range(600000) t(i)"  # fmt: skip

WORKING_DATABASE = """
from runs.settings import Settings
from runs.steps import working_database
# LIMIT
settings = Settings.from_environment()
with working_database(settings) as connection:
    found = dict(connection.execute("select name, value from duckdb_settings()"
                 " where name in ('memory_limit', 'temp_directory')").fetchall())
    print(found)
    assert found["temp_directory"] == str(settings.home.work / "spill")
    connection.execute("set temp_directory = ''")
    connection.execute("create table big as select list(i) as l from range(20000000) t(i)")
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    write_csv(tmp_path / "parcel_manifest.csv", parcel_rows(500))
    return Home(tmp_path / "home")


def test_a_reader_without_memory_refuses_the_file(home: Home) -> None:
    program = f"import os\nos.environ['IMPORT_RISK_READER_MEMORY'] = '150MB'\n{DELIVER}"
    done = limited(program, home, "RLIMIT_CORE", 0)
    assert done.returncode == 0, done.stderr
    (entry,) = Ledger(home.ledger).entries()
    assert entry.body["status"] == "refused"
    # A library that cannot allocate says so or panics; either way the file is refused, and kept.
    assert entry.body["reason"].startswith(("reader_out_of_memory", "reader_crashed"))
    assert leftovers(home) == []
    # Negative control: the same file with the ordinary limit.
    assert limited(DELIVER, home, "RLIMIT_CORE", 0).returncode == 0
    assert len(Ledger(home.ledger).deliveries()) == 1


def test_publishing_without_memory_leaves_the_old_release(home: Home) -> None:
    publish_work(home)
    make_work(home, [WIDE])
    before = remember(home)
    # Enough to load the libraries, not enough for the rows.
    done = limited(LIMITED_PUBLISH, home, "RLIMIT_AS", 1_400_000_000)
    assert done.returncode != 0
    assert "emory" in done.stderr or "allocat" in done.stderr, done.stderr
    assert violations(home, before) == []
    assert remember(home) == before
    assert run(stage(PUBLISH_FAKE), home).returncode == 0
    assert violations(home, before, finished=True) == []


def test_the_working_database_keeps_its_limit_and_its_place_to_spill(home: Home) -> None:
    program = f"import os\nos.environ['IMPORT_RISK_MEMORY_LIMIT'] = '60MB'\n{WORKING_DATABASE}"
    done = limited(program, home, "RLIMIT_CORE", 0)
    assert done.returncode != 0
    assert "OutOfMemoryException" in done.stderr, done.stderr
    assert "57.2 MiB" in done.stdout  # 60 MB
    assert environment(home)["IMPORT_RISK_HOME"] == str(home.root)
