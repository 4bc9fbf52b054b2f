"""Row 1: "kill -9 anywhere in ingest/dbt/gate/publish: after restart the published version is
exactly old or new, acknowledged versions never go back, the next run completes without hand work,
leftovers are collected." Process death, not power loss.

This module: ingest and publish, at every named point and at random moments (seed printed). Real
runs: test_01_killed_runs. More than 200 kills: `make faults` (docs/reliability.md has the table).
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.faults import ARMED_VARIABLE, FAULT_VARIABLE, POINTS
from foundation.home import Home
from ledger.chain import Ledger
from recovery.leftovers import recover_unless_busy
from serving.current import current, require_current
from serving.reader import query
from tests.faults.campaign import RESULTS, summed
from tests.faults.conftest import parcel_rows, write_csv
from tests.faults.kill_stages import PUBLISH_FAKE, stage
from tests.faults.kills import SIGKILLED, cli, leftovers, remember, run, violations
from tests.faults.reliability_page import PAGE, page
from tests.unit.serving.fake_work import make_work, publish_work

SEED = 20261127
# Points of a publication after which readers get the new release.
SWITCHED = {"after_switch", "removing", "removed"}
IN_PUBLISH_FAKE = [point for point in POINTS["publish"] if point != "release_recorded"]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one acknowledged delivery, and the file of a second one beside it."""
    folder = tmp_path_factory.mktemp("stocked")
    first = write_csv(folder / "parcel_manifest_1.csv", parcel_rows(3))
    write_csv(folder / "parcel_manifest_2.csv", [{**row, "package_count": "x"} if n else row
              for n, row in enumerate(parcel_rows(4, operator_code="OP2"))])  # fmt: skip
    done = run(deliver(first), Home(folder / "home"))
    assert done.returncode == 0, done.stderr
    return folder


def deliver(path: Path) -> list[str]:
    return cli("deliver", path, "--received-date", "2026-11-22", "--json")


def copied(folder: Path, target: Path) -> tuple[Home, Path]:
    subprocess.run(["cp", "-a", f"{folder}/.", str(target)], check=True)
    return Home(target / "home"), target / "parcel_manifest_2.csv"


def assert_delivers_again(home: Home, path: Path) -> None:
    """The sender repeats what was not acknowledged: it counts once, and nothing is left over."""
    before = remember(home)
    done = run(deliver(path), home)
    assert done.returncode == 0, done.stderr
    assert recover_unless_busy(home) is not None
    assert violations(home, before, finished=True) == []
    assert [e.body["accepted"] for e in Ledger(home.ledger).deliveries()] == [3, 1]
    assert leftovers(home) == []


@pytest.mark.parametrize("point", POINTS["ingest"])
def test_ingest_killed_at_a_named_point(stocked: Path, tmp_path: Path, point: str) -> None:
    home, path = copied(stocked, tmp_path)
    before = remember(home)
    assert run(deliver(path), home, point=point).returncode == SIGKILLED
    assert violations(home, before) == []
    assert_delivers_again(home, path)


def test_ingest_killed_at_random_moments(stocked: Path, tmp_path: Path) -> None:
    chosen = random.Random(SEED)
    print(f"seed {SEED}")
    home, path = copied(stocked, tmp_path)
    before = remember(home)
    for _ in range(3):
        run(deliver(path), home, after=chosen.uniform(0.5, 1.5))
        assert violations(home, before) == []
    assert_delivers_again(home, path)


def test_killed_twice_before_the_head_is_written(stocked: Path, tmp_path: Path) -> None:
    """Each kill leaves an entry that the head does not name; two are no cut tail."""
    home, path = copied(stocked, tmp_path)
    before = remember(home)
    for _ in range(2):
        assert run(deliver(path), home, point="ledger_line_written").returncode == SIGKILLED
        assert violations(home, before) == []
    assert Ledger(home.ledger).verify() == before.entries + 2


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose release says red, and whose working database would publish yellow."""
    home = Home(tmp_path_factory.mktemp("shown") / "home")
    publish_work(home)
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    return home.root


def copy_of(shown: Path, tmp_path: Path) -> Home:
    subprocess.run(["cp", "-a", str(shown), str(tmp_path / "home")], check=True)
    return Home(tmp_path / "home")


def lane(home: Home) -> str:
    return query(home, "select lane from risk.fct_selections").column("lane")[0].as_py()


def assert_publishes_again(home: Home) -> None:
    before = remember(home)
    done = run(stage(PUBLISH_FAKE), home)
    assert done.returncode == 0, done.stderr
    assert violations(home, before, finished=True) == []
    assert lane(home) == "yellow"
    names = {path.name for path in home.releases.iterdir()}
    assert names == {require_current(home).release_id, "current", ".lock"}


@pytest.mark.parametrize("point", IN_PUBLISH_FAKE)
def test_publishing_killed_at_a_named_point(shown: Path, tmp_path: Path, point: str) -> None:
    home = copy_of(shown, tmp_path)
    before = remember(home)
    assert run(stage(PUBLISH_FAKE), home, point=point).returncode == SIGKILLED
    assert violations(home, before) == []
    assert lane(home) == ("yellow" if point in SWITCHED else "red")
    assert_publishes_again(home)


def test_publishing_killed_at_random_moments(shown: Path, tmp_path: Path) -> None:
    chosen = random.Random(SEED)
    print(f"seed {SEED}")
    home = copy_of(shown, tmp_path)
    for _ in range(3):
        before = remember(home)
        run(stage(PUBLISH_FAKE), home, after=chosen.uniform(0.3, 1.2))
        assert violations(home, before) == []
        assert lane(home) in {"red", "yellow"}
    assert_publishes_again(home)


def test_the_first_publication_killed_before_the_switch_shows_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_work(home)
    assert run(stage(PUBLISH_FAKE), home, point="before_switch").returncode == SIGKILLED
    assert current(home) is None
    assert run(stage(PUBLISH_FAKE), home).returncode == 0
    assert lane(home) == "red"


def test_the_judge_would_see_a_broken_promise(stocked: Path, tmp_path: Path) -> None:
    """Negative control: each thing that a kill must not do, done by hand, is reported."""
    home, path = copied(stocked, tmp_path)
    publish_work(home)
    before = remember(home)
    assert violations(home, before) == []
    database = require_current(home).database("customs")
    content = database.read_bytes()
    database.chmod(0o640)
    database.write_bytes(content[:-1])
    assert "not whole" in violations(home, before)[0]
    database.write_bytes(content)
    (home.releases / "building-1.tmp").mkdir()
    assert violations(home, before) == []
    assert "left over" in violations(home, before, finished=True)[0]
    kept = home.ledger.read_bytes()
    home.ledger.write_bytes(b"")
    assert "tail is cut" in violations(home, before)[0]
    home.ledger.write_bytes(kept)
    (home.root / Ledger(home.ledger).deliveries()[0].body["raw_file"]).unlink()
    assert "not what was acknowledged" in violations(home, before)[0]
    assert path.is_file()


@pytest.mark.parametrize("variables", [{FAULT_VARIABLE: "here"}, {ARMED_VARIABLE: "1"}])
def test_one_variable_alone_kills_nothing(variables: dict[str, str]) -> None:
    program = "from foundation.faults import fault_point; fault_point('here'); print('alive')"
    both = {FAULT_VARIABLE: "here", ARMED_VARIABLE: "1"}
    kept = {name: value for name, value in os.environ.items() if name not in both}
    for given, code in ((variables, 0), (both, SIGKILLED)):
        done = subprocess.run([sys.executable, "-c", program], env={**kept, **given}, check=False)
        assert done.returncode == code


def test_the_page_shows_the_stored_campaign() -> None:
    """docs/reliability.md is what `make faults` found, and it found no violation in 200 kills."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, results) == text
    stages = summed(results)
    assert {found.name for found in stages} == {"ingest", "dbt", "gate", "publish"}
    assert sum(found.kills for found in stages) >= 200
    assert [text for found in stages for text in found.violations] == []
    assert page(text, {"parts": [*results["parts"], results["parts"][0]]}) != text
