"""Publishing: verdict first, compare-and-swap, verified in a second process, immutable.

Reliability rows 5, 6, 7, 9, 10, 11, 13, 73. Not claimed: power loss (fsync is called, not tested).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from foundation.errors import GateRefusal, UsageError, WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from serving.candidate import Candidate
from serving.current import current, release_number, releases, require_current
from serving.reader import open_reader, query
from serving.release import build, publish, retain, sweep
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import PLAN, make_work

pytestmark = pytest.mark.slow


def candidate_of(home: Home) -> Candidate:
    return build(
        home,
        PLAN,
        warehouse=home.warehouse,
        gate_rows=[],
        run_facts={"run_id": "run-1"},
        first_releases={},
    )


def refuse() -> str:
    raise GateRefusal("gate 2 failed", where="marts", remedy="see the verdict")


def passing() -> None:
    return None


def lane(home: Home) -> str:
    return query(home, "select lane from risk.fct_selections").column("lane")[0].as_py()


def test_a_release_is_published_whole(home: Home, publish_once: Publish) -> None:
    release_id = publish_once()
    release = require_current(home)
    assert release.release_id == release_id
    assert release.folder == (home.releases / release_id).resolve()
    assert (home.releases / "current").readlink() == Path(release_id)
    manifest = release.manifest
    assert (manifest["base"], manifest["gate_verdict_sha256"]) == (None, "f" * 64)
    assert manifest["tables"]["core.fct_consignments"]["rows"] == 3
    for name, facts in manifest["files"].items():
        assert facts["sha256"] == sha256_file(release.folder / name)
    for path in release.folder.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o777 == 0o440, path
    assert {path.name for path in home.releases.iterdir()} == {release_id, "current", ".lock"}


def test_nothing_is_visible_without_a_passing_verdict(home: Home, publish_once: Publish) -> None:
    with pytest.raises(GateRefusal):
        publish(home, candidate_of(home), base=None, verdict_check=refuse)
    assert current(home) is None
    old = publish_once()
    link = home.releases / "current"
    before = link.lstat().st_mtime_ns
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    days_before = sorted(home.history.rglob("*")) if home.history.exists() else []
    with pytest.raises(GateRefusal):
        publish(home, candidate_of(home), base=old, verdict_check=refuse)
    assert (require_current(home).release_id, link.lstat().st_mtime_ns) == (old, before)
    assert [each.release_id for each in releases(home)] == [old]
    assert (sorted(home.history.rglob("*")) if home.history.exists() else []) == days_before
    assert lane(home) == "red"


def test_a_stale_base_is_refused(home: Home, publish_once: Publish) -> None:
    old = publish_once()
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    mine = candidate_of(home)
    other = publish_once(["update risk.fct_selections set lane = 'green'"])
    for base in (old, other, None):
        with pytest.raises(WarehouseError, match="current release is"):
            publish(home, mine, base=base, verdict_check=passing)
    assert (require_current(home).release_id, lane(home)) == (other, "green")


def test_two_candidates_of_one_base_publish_once(home: Home) -> None:
    first = candidate_of(home)
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    second = candidate_of(home)
    publish(home, first, base=None, verdict_check=passing)
    with pytest.raises(WarehouseError, match="run again"):
        publish(home, second, base=None, verdict_check=passing)
    assert lane(home) == "red"


def test_a_log_beside_the_file_is_refused(home: Home) -> None:
    candidate = candidate_of(home)
    (candidate.folder / "customs" / "warehouse.duckdb.wal").write_bytes(b"")
    with pytest.raises(WarehouseError, match="write-ahead log"):
        publish(home, candidate, base=None, verdict_check=passing)
    assert current(home) is None


@pytest.mark.parametrize(
    "change",
    [
        "update risk.fct_selections set lane = 'green'",
        "delete from quality.release_info",
        "create table risk.extra as select 1 as a",
        "drop table core.fct_tax_assessments",
    ],
)
def test_content_changed_after_the_build_is_refused(home: Home, change: str) -> None:
    candidate = candidate_of(home)
    with duckdb.connect(str(candidate.folder / "customs" / "warehouse.duckdb")) as connection:
        connection.execute(change)
    with pytest.raises(WarehouseError, match="other content"):
        publish(home, candidate, base=None, verdict_check=passing)
    assert current(home) is None


def test_a_file_for_an_audience_that_nobody_built_is_refused(home: Home) -> None:
    candidate = candidate_of(home)
    shutil.copytree(candidate.folder / "ministry", candidate.folder / "everybody")
    with pytest.raises(WarehouseError, match="other files than were built"):
        publish(home, candidate, base=None, verdict_check=passing)
    assert current(home) is None


def test_a_damaged_file_is_refused(home: Home) -> None:
    candidate = candidate_of(home)
    database = candidate.folder / "customs" / "warehouse.duckdb"
    database.write_bytes(database.read_bytes()[:8192])
    with pytest.raises(WarehouseError, match="do not verify"):
        publish(home, candidate, base=None, verdict_check=passing)
    assert current(home) is None


def test_an_open_reader_keeps_its_release_and_a_new_query_sees_the_new_one(
    home: Home, publish_once: Publish
) -> None:
    publish_once()
    with open_reader(require_current(home).database("customs")) as reader:
        assert lane(home) == "red"
        for number in range(2):
            publish_once([f"update risk.fct_selections set lane = 'lane-{number}'"])
            assert lane(home) == f"lane-{number}"
        retain(home, keep=1)  # the reader's own release is gone from the folder
        assert reader.execute("select lane from risk.fct_selections").fetchall() == [("red",)]
    assert len(releases(home)) == 1


def test_retain_keeps_the_newest_and_always_the_current(home: Home, publish_once: Publish) -> None:
    ids = [publish_once([f"update risk.fct_selections set lane = '{n}'"]) for n in range(4)]
    assert [release_number(each) for each in ids] == [1, 2, 3, 4]
    assert retain(home) == (ids[0],)
    (home.releases / "current").unlink()
    (home.releases / "current").symlink_to(ids[1])
    assert retain(home, keep=1) == (ids[2],)
    assert [each.release_id for each in releases(home)] == [ids[1], ids[3]]
    with pytest.raises(UsageError):
        retain(home, keep=0)


def test_sweep_removes_what_a_kill_left_and_nothing_else(home: Home, publish_once: Publish) -> None:
    assert sweep(home) == ()
    kept = [publish_once(), publish_once(["update risk.fct_selections set lane = 'yellow'"])]
    candidate_of(home)
    (home.releases / "building-1.tmp").mkdir()
    (home.releases / ".current.77.tmp").symlink_to("r000009-00000000")
    assert len(sweep(home)) == 3
    assert [each.release_id for each in releases(home)] == kept
    assert require_current(home).release_id == kept[1]
    assert sweep(home) == ()


def test_the_same_content_in_another_home_has_the_same_hashes(
    home: Home, publish_once: Publish, tmp_path: Path
) -> None:
    publish_once()
    other = Home(tmp_path / "elsewhere")
    later = "update quality.fct_delivery_outcomes set received_date = '2027-01-01'"
    make_work(other, [later])
    publish(other, candidate_of(other), base=None, verdict_check=passing)
    mine, its = require_current(home).manifest, require_current(other).manifest
    assert (mine["tables"], mine["content_hash"]) == (its["tables"], its["content_hash"])


def test_a_missing_or_dangling_release_has_a_remedy(home: Home) -> None:
    with pytest.raises(WarehouseError, match="import-risk run"):
        require_current(home)
    home.releases.mkdir(parents=True)
    (home.releases / "current").symlink_to("r000001-00000000")
    with pytest.raises(WarehouseError, match="manifest"):
        current(home)


def test_verify_prints_json_and_fails_in_one_line(home: Home, publish_once: Publish) -> None:
    publish_once()
    release = require_current(home)

    def verify(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "serving.verify", str(path)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=False,
        )

    done = verify(release.folder)
    report = json.loads(done.stdout)
    assert sorted(report) == ["customs", "ministry"]
    assert report["customs"]["tables"] == release.manifest["tables"]
    assert json.loads(verify(release.database("ministry")).stdout)["ministry"] == report["ministry"]
    missing = verify(home.root / "missing")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert len(missing.stderr.strip().splitlines()) == 1
