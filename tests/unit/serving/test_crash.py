"""A kill at any named point leaves the old release or the new one (reliability row 1).

Process death, not power loss. The child dies by os._exit(137), as after SIGKILL nothing runs.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest

from foundation.home import Home
from serving.current import release_folders, require_current
from serving.faults import FAULT_VARIABLE, FaultPoint
from serving.reader import query
from serving.release import sweep
from tests.unit.serving.conftest import Publish
from tests.unit.serving.fake_work import make_work

PROJECT = Path(__file__).parents[3]
CHILD = """
import sys
from pathlib import Path
from foundation.home import Home
from serving.current import current
from serving.release import build, publish
from tests.unit.serving.fake_work import DAY, PLAN
home = Home(Path(sys.argv[1]))
base = current(home)
candidate = build(home, PLAN, warehouse=home.warehouse, gate_rows=[], run_facts={}, days=[DAY])
publish(home, candidate, base=base.release_id if base else None, verdict_check=lambda: None)
"""
SWITCHED = {"after_build": False, "before_rename": False, "before_switch": False,
            "after_switch": True}  # fmt: skip


def start(home: Home, fault: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home.root)],
        env={**os.environ, "PYTHONPATH": str(PROJECT), FAULT_VARIABLE: fault},
        stderr=subprocess.PIPE,
    )


def lane(home: Home) -> str:
    return query(home, "select lane from risk.fct_selections").column("lane")[0].as_py()


def recovered(home: Home, publish_once: Publish) -> None:
    """After the sweep only whole releases are left, and the next publication needs no hand."""
    now = require_current(home).release_id
    sweep(home)
    assert require_current(home).release_id == now
    assert {path.name for path in home.releases.iterdir()} == {
        *(path.name for path in release_folders(home)),
        "current",
        ".lock",
    }
    publish_once(["update risk.fct_selections set lane = 'after'"])
    assert lane(home) == "after"


@pytest.mark.parametrize("point", get_args(FaultPoint))
def test_killed_at_a_named_point(home: Home, publish_once: Publish, point: str) -> None:
    old = publish_once()
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    child = start(home, point)
    child.communicate()
    assert child.returncode == 137
    assert (require_current(home).release_id != old) is SWITCHED[point]
    assert lane(home) == ("yellow" if SWITCHED[point] else "red")
    recovered(home, publish_once)


def test_the_first_publication_killed_before_the_switch_shows_nothing(home: Home) -> None:
    child = start(home, "before_switch")
    child.communicate()
    assert child.returncode == 137
    assert not (home.releases / "current").exists()
    assert len(release_folders(home)) == 1
    assert len(sweep(home)) == 1
    assert release_folders(home) == []


def test_killed_at_any_moment(home: Home, publish_once: Publish) -> None:
    publish_once()
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    for delay in (0.3, 0.6, 0.9):
        child = start(home)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert lane(home) in {"red", "yellow"}
    recovered(home, publish_once)
