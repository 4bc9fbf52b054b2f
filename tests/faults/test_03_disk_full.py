"""Row 3: "disk full in build, WAL, temp spill, publish, report: the run fails with 'disk full, need
X, have Y'; the published version is untouched; free-space preflight."

Two ways to a full disk: RLIMIT_FSIZE with SIGXFSZ ignored (EFBIG, needs no privilege), and a real
tiny disk (ENOSPC) where mounting is allowed.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from foundation import disk
from foundation.home import Home
from ledger.chain import Ledger
from runs.space import space_needed
from tests.faults.conftest import parcel_rows, write_csv
from tests.faults.kill_stages import PUBLISH_FAKE, stage
from tests.faults.kills import cli, leftovers, remember, run, violations
from tests.faults.limits import limited, tiny_disk
from tests.unit.serving.fake_work import make_work, publish_work

SAYS_SO = re.compile(r"disk full \([a-z ]+\): need (about )?[\d,.]+ MB, have [\d,.]+ MB")
NOT_MOUNTED = "A TINY DISK COULD NOT BE MOUNTED HERE: ENOSPC was NOT tested, only EFBIG"

DELIVER = """
import sys, datetime as dt
from pathlib import Path
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.sandbox import child
child.warm_up()
# LIMIT
home = Home.from_environment()
deliver(home, [home.root.parent / "parcel_manifest.csv"], received_date=dt.date(2026, 11, 22),
        key=PseudonymKey.demonstration())
"""
LIMITED_PUBLISH = f"# LIMIT\n{PUBLISH_FAKE}"
LIMITED_SEED = """
from runs import dbt_invocation
from runs.settings import Settings
# LIMIT
settings = Settings.from_environment()
settings.home.work.mkdir(parents=True, exist_ok=True)
dbt_invocation.run(("seed",), settings=settings, target=settings.home.work / "target")
"""
LIMITED_VERDICT = """
from pathlib import Path
from expectations.verdict import Verdict, store_verdict
from foundation.home import Home
# LIMIT
store_verdict(Verdict("gate1", "5" * 64, "1.24.1", 0, ()), Home.from_environment().runs / "run")
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home beside a file of some size that waits to be delivered."""
    write_csv(tmp_path / "parcel_manifest.csv", parcel_rows(500))
    return Home(tmp_path / "home")


def test_ingest_on_a_full_disk_accepts_nothing_and_says_so(home: Home) -> None:
    before = remember(home)
    done = limited(DELIVER, home, "RLIMIT_FSIZE", 10_000)
    assert done.returncode != 0
    assert SAYS_SO.search(done.stderr), done.stderr
    assert violations(home, before) == []
    assert Ledger(home.ledger).deliveries() == []
    assert leftovers(home) == []
    assert limited(DELIVER, home, "RLIMIT_FSIZE", 100_000_000).returncode == 0
    assert len(Ledger(home.ledger).deliveries()) == 1


def test_publishing_on_a_full_disk_leaves_the_old_release(home: Home) -> None:
    publish_work(home)
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    before = remember(home)
    for size in (2_000, 300_000, 1_000_000):  # a manifest, a Parquet file, a database
        done = limited(LIMITED_PUBLISH, home, "RLIMIT_FSIZE", size)
        assert done.returncode != 0
        assert SAYS_SO.search(done.stderr), (size, done.stderr)
        assert violations(home, before) == []
        assert remember(home) == before
    assert run(stage(PUBLISH_FAKE), home).returncode == 0
    assert violations(home, before, finished=True) == []


def test_dbt_on_a_full_disk_fails_and_says_so(home: Home) -> None:
    done = limited(LIMITED_SEED, home, "RLIMIT_FSIZE", 50_000)  # less than the seeds' own log
    assert done.returncode != 0
    assert SAYS_SO.search(done.stderr), done.stderr
    assert "disk full (dbt seed)" in done.stderr


def test_a_verdict_on_a_full_disk_does_not_exist(home: Home) -> None:
    done = limited(LIMITED_VERDICT, home, "RLIMIT_FSIZE", 20)
    assert disk.is_full(done.stderr), done.stderr
    assert not (home.runs / "run" / "gate1.json").exists()
    assert limited(LIMITED_VERDICT, home, "RLIMIT_FSIZE", 100_000).returncode == 0
    assert (home.runs / "run" / "gate1.json").exists()


def test_a_real_disk_without_space(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "parcel_manifest.csv", parcel_rows(20_000))
    with tiny_disk(tmp_path / "disk", megabytes=3) as mounted:
        if not mounted:
            pytest.skip(NOT_MOUNTED)
        home = Home(tmp_path / "disk" / "home")
        small = write_csv(tmp_path / "parcel_manifest_small.csv", parcel_rows(3))
        deliver = ("--received-date", "2026-11-22", "--json")
        assert run(cli("deliver", small, *deliver), home).returncode == 0
        before = remember(home)
        done = run(cli("deliver", path, *deliver), home)
        assert done.returncode == 1
        assert "disk full" in done.stderr, done.stderr
        assert violations(home, before) == []
        make_work(home)
        done = run(stage(PUBLISH_FAKE), home)
        assert SAYS_SO.search(done.stderr), done.stderr
        assert violations(home, before) == []


def test_a_run_asks_for_space_before_it_begins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_work(home)
    need = space_needed(home)
    assert need >= 2 * sum(p.stat().st_size for p in home.releases.glob("r*/*/*.duckdb"))
    free = shutil.disk_usage(home.root)
    for have, refused in ((need - 1, True), (need, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, have=have: free._replace(free=have))
        if refused:
            with pytest.raises(disk.DiskFull, match=SAYS_SO):
                disk.require(home.work, need=need, what="a run")
        else:
            disk.require(home.work, need=need, what="a run")


def test_only_a_full_disk_is_called_full() -> None:
    wrapped = RuntimeError("the step failed")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert disk.is_full(wrapped)
    assert not disk.is_full(OSError(13, "Permission denied"))
    assert subprocess.run(["true"], check=False).returncode == 0
