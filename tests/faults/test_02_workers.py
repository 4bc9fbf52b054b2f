"""Row 2: "kill the Dagster daemon / run worker: run marked failed, lock released, retry is
idempotent."

Here: a run worker that dies with its pool slot and the warehouse lock in hand, in Dagster's own
storage as this product configures it. A whole run killed and repeated: test_01_killed_runs. A
daemon and its code server killed: `make faults` (daemon_killed.py).
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dagster_project.lost_runs import mark_lost_runs
from dagster_project.runner import prepare_dagster_home
from foundation import locks
from foundation.errors import WarehouseBusy
from foundation.home import Home
from tests.faults.kill_stages import stage
from tests.faults.kills import SIGKILLED, run

# A job like the daily run: one op in the writers' pool, which dies holding slot and lock.
WORKER = """
import os, signal, sys
import dagster as dg
from dagster_project.defs.ingest.assets import WRITER_POOL
from dagster_project.runner import prepare_dagster_home
from foundation import locks
from foundation.home import Home

home = Home.from_environment()
prepare_dagster_home(home)

@dg.op(pool=WRITER_POOL)
def work():
    if sys.argv[1] == "die":
        with locks.exclusive(home.warehouse_lock, "run of the worker"):
            os.kill(os.getpid(), signal.SIGKILL)

@dg.job(executor_def=dg.in_process_executor)
def daily():
    work()

with dg.DagsterInstance.get() as instance:
    daily.execute_in_process(instance=instance)
"""


PREPARE = """
from dagster_project.runner import prepare_dagster_home
from foundation.home import Home

prepare_dagster_home(Home.from_environment())
"""


def test_processes_that_prepare_a_new_home_at_once_all_succeed(tmp_path: Path) -> None:
    """Two that created its databases at once were seen to fail in one; the lock orders them. Not
    claimed: that each try without the lock fails."""
    home = Home(tmp_path / "home")
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(run, stage(PREPARE), home) for _ in range(3)]
    assert [done.result().returncode for done in waiting] == [0, 0, 0], [
        done.result().stderr for done in waiting
    ]


@pytest.fixture
def instance_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    def opened(home: Home) -> Any:
        import dagster as dg

        monkeypatch.setattr(os, "environ", dict(os.environ))
        prepare_dagster_home(home)
        return dg.DagsterInstance.get()

    return opened


def statuses(instance: Any) -> list[str]:
    return sorted(run.status.value for run in instance.get_runs())


def test_a_killed_worker_holds_nothing(tmp_path: Path, instance_of: Any) -> None:
    home = Home(tmp_path / "home")
    assert run(stage(WORKER, "die"), home).returncode == SIGKILLED
    assert locks.holder(home.warehouse_lock) is None, "flock dies with its process"
    with instance_of(home) as instance:
        # Negative control: without our mark Dagster calls it running, for ever.
        assert statuses(instance) == ["STARTED"]
        (lost,) = mark_lost_runs(instance)
        assert statuses(instance) == ["FAILURE"]
        assert instance.get_run_by_id(lost).run_id == lost
        storage = instance.event_log_storage
        for pool in storage.get_concurrency_keys():
            assert storage.get_concurrency_info(pool).claimed_slots == []
        assert mark_lost_runs(instance) == ()
    # The repeat needs no hand.
    done = run(stage(WORKER, "live"), home)
    assert done.returncode == 0, done.stderr
    with instance_of(home) as instance:
        assert statuses(instance) == ["FAILURE", "SUCCESS"]


def test_a_living_worker_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "work" / "warehouse.lock"
    with locks.exclusive(lock, "run 7"):
        holder = locks.holder(lock)
        assert holder is not None
        assert holder.startswith(f"pid {os.getpid()}: run 7, since 20")
        with pytest.raises(WarehouseBusy, match="run 7"), locks.exclusive(lock, "run 8"):
            pass
    assert locks.holder(lock) is None
