"""Rows 1, 2, 13 and 14 on real runs of a home that an earlier version left.

The frozen home is rebuilt by today's code (14), a third day is delivered, and `import-risk run` on
it is killed in dbt, in a gate and in publishing before one runs to its end (1, 2). Its backup,
restored elsewhere and rebuilt, has the same content hash of all marts (13). In order, on one home:
each whole run costs about 20 CPU seconds. Process death, not power loss.
"""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dagster_project.runner import prepare_dagster_home
from foundation import locks
from foundation.files import canonical_json
from foundation.home import Home
from ledger.chain import Ledger
from recovery.leftovers import Recovered, recover_unless_busy
from serving.current import current_id, require_current
from serving.reader import query
from tests.faults.kills import SIGKILLED, cli, leftovers, remember, run, violations
from tests.support.frozen_home import NEXT_DAY, NEXT_RECEIVED, unpack

pytestmark = pytest.mark.slow
RUN = cli("run", "--day", NEXT_DAY, "--json")
# `import-risk` that says at its end how often it opened the ledger to read it, and read a past.
COUNTED = """
import json, os, sys
opened, read = [], []
def note(event, args):
    if event == "open" and str(args[0]).endswith("/ledger.jsonl"):
        if args[2] & os.O_ACCMODE != os.O_WRONLY:
            opened.append(args[1])
sys.addaudithook(note)
from runs.days import reading
honest = reading.read
reading.read = lambda *asked: read.append(asked) or honest(*asked)
from cli.main import main
try:
    main()
finally:
    print(json.dumps({"opened": len(opened), "read": len(read)}), file=sys.stderr)
"""


@dataclass
class Story:
    """One home through the tests of this module. old: the release of the earlier version."""

    home: Home
    old: str
    killed: int = 0


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    home, files = unpack(tmp_path_factory.mktemp("frozen") / "unpacked")
    old = require_current(home).release_id
    done = run(cli("deliver", *files, "--received-date", NEXT_RECEIVED), home)
    assert done.returncode == 0, done.stderr
    return Story(home, old)


def test_the_frozen_home_asks_for_a_rebuild_and_gets_it(story: Story) -> None:
    before = remember(story.home)
    done = run(RUN, story.home)
    assert done.returncode == 1
    assert "import-risk rebuild" in done.stderr
    done = run(cli("rebuild", "--json"), story.home)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["from_day"], facts["to_day"]) == ("2026-11-09", "2026-11-10")
    assert "code" in facts["differs_in"]  # so another content would be no contradiction
    assert violations(story.home, before, finished=True) == []
    assert current_id(story.home) == story.old


@pytest.mark.parametrize(
    "point",
    ["model_finished*60", "verdict_stored*2", "before_switch"],
    ids=["dbt", "gate", "publish"],
)
def test_a_run_killed_shows_readers_the_old_release(story: Story, point: str) -> None:
    before = remember(story.home)
    done = run(RUN, story.home, point=point)
    assert done.returncode == SIGKILLED, done.stderr
    story.killed += 1
    assert violations(story.home, before) == []
    assert current_id(story.home) == story.old
    assert locks.holder(story.home.warehouse_lock) is None


def test_the_next_run_completes_without_a_hand_and_reads_the_ledger_once(story: Story) -> None:
    """From the command to the release: one look at the ledger, one past, one plan."""
    before = remember(story.home)
    done = run([sys.executable, "-P", "-c", COUNTED, *RUN[RUN.index("run") :]], story.home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1]) == {"opened": 1, "read": 1}
    assert violations(story.home, before, finished=True) == []
    assert current_id(story.home) == json.loads(done.stdout)["release_id"] != story.old
    days = query(story.home, "select count(distinct day) as n from core.fct_consignments")
    assert days.to_pylist() == [{"n": 3}]


def test_the_killed_runs_are_called_failed(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    import dagster as dg

    monkeypatch.setattr(os, "environ", dict(os.environ))
    prepare_dagster_home(story.home)
    with dg.DagsterInstance.get() as instance:
        found = sorted(record.status.value for record in instance.get_runs())
    assert found == ["FAILURE"] * story.killed + ["SUCCESS"]


def test_a_release_whose_publisher_died_is_recorded_by_whoever_comes_next(story: Story) -> None:
    """The ledger lacks the entry of the current release, as after a kill at `after_switch`."""
    home = Home(story.home.root.with_name("unrecorded"))
    shutil.copytree(story.home.root, home.root, symlinks=True)
    ledger = Ledger(home.ledger)
    *_, released = [entry for entry in ledger.entries() if entry.kind == "release"]
    lines = home.ledger.read_bytes().splitlines(keepends=True)
    home.ledger.write_bytes(b"".join(lines[: released.seq - 1]))
    head = {"seq": released.seq - 1, "hash": released.previous}
    ledger.head_path.write_text(canonical_json(head) + "\n")
    assert ledger.verify() == released.seq - 1
    recovered = recover_unless_busy(home)
    assert recovered is not None
    assert recovered.recorded == current_id(home)
    entry = Ledger(home.ledger).entries()[-1]
    assert (entry.kind, entry.body["release_id"]) == ("release", current_id(home))
    facts = ("inputs", "days", "later_days", "manifest_sha256")
    assert [entry.body[name] for name in facts] == [released.body[name] for name in facts]
    assert Ledger(home.ledger).verify() == released.seq
    assert recover_unless_busy(home) == Recovered((), None)


def test_a_restored_backup_rebuilds_to_the_same_content(story: Story, tmp_path: Path) -> None:
    done = run(cli("backup", tmp_path / "backup", "--json"), story.home)
    assert done.returncode == 0, done.stderr
    elsewhere = Home(tmp_path / "elsewhere")
    done = run(cli("restore", tmp_path / "backup", "--json"), elsewhere)
    assert done.returncode == 0, done.stderr
    assert violations(elsewhere, remember(story.home)) == []
    assert not elsewhere.work.exists()
    done = run(cli("rebuild", "--json"), elsewhere)
    assert done.returncode == 0, done.stderr
    rebuilt = json.loads(done.stdout)
    assert rebuilt["same_as_release"] is True
    released = require_current(story.home).manifest["run_facts"]["marts_hash"]
    assert rebuilt["marts_hash"] == released
    assert leftovers(elsewhere) == []
