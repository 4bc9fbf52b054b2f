"""Dagster's own processes killed while a run works: part of `make faults`, row 2.

Starts `import-risk dagster` on a copy of the frozen home, queues a run for the daemon, and kills
(a) the run's worker: Dagster must call the run failed while it goes on running; (b) everything at
once: the next start must call the run failed and let the next run through.
Add here another process of Dagster. Keep out: kills inside one run (campaign.py).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from dagster_project.defs.jobs import DAILY_JOB
from dagster_project.partitions import day_tags
from dagster_project.runner import prepare_dagster_home
from foundation.home import Home
from runs.days.day_set import Days
from runs.settings import PROJECT_ROOT
from tests.faults.dagster_processes import free_port, kill_group, start, until, worker
from tests.faults.kills import cli, environment, remember, run, violations
from tests.support.frozen_home import NEXT_DAY, NEXT_RECEIVED, unpack


def statuses(home: Home) -> list[str]:
    """Of all runs, the oldest first."""
    import dagster as dg

    prepare_dagster_home(home)
    with dg.DagsterInstance.get() as instance:
        return [found.status.value for found in reversed(instance.get_runs())]


def queue_run(home: Home) -> None:
    """Ask the daemon for a run of the next day."""
    tags = {"dagster/partition": str(NEXT_DAY), **day_tags(Days([NEXT_DAY]))}
    command = [sys.executable, "-P", "-m", "dagster", "job", "launch", "-w",
               str(PROJECT_ROOT / "workspace.yaml"), "-j", DAILY_JOB,
               "--tags", json.dumps(tags)]  # fmt: skip
    kept = {**environment(home), "DAGSTER_HOME": str(home.dagster)}
    done = subprocess.run(
        command, env=kept, cwd=PROJECT_ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def main() -> int:
    """0 when both kills ended as promised; prints each step."""
    with tempfile.TemporaryDirectory(prefix="import-risk-daemon-") as folder:
        home, files = unpack(Path(folder) / "frozen")
        for command in (cli("rebuild"), cli("deliver", *files, "--received-date", NEXT_RECEIVED)):
            done = run(command, home)
            assert done.returncode == 0, done.stderr
        before = remember(home)
        log = Path(folder) / "dagster.log"
        prepare_dagster_home(home)  # what starts below opens Dagster's databases all at once
        process = start(home, log, free_port())
        try:
            queue_run(home)
            os.kill(until("a worker runs", lambda: worker(home)), signal.SIGKILL)
            until("the killed worker's run is failed", lambda: statuses(home)[:1] == ["FAILURE"])
            assert violations(home, before) == []
            queue_run(home)
            until("the next worker runs", lambda: worker(home))
        finally:
            kill_group(process, home)
        print(f"  after the kill of everything: {statuses(home)}, lock {worker(home) or 'free'}")
        assert violations(home, before) == []
        process = start(home, log, free_port())
        try:
            until("the lost run is failed", lambda: statuses(home)[1:2] == ["FAILURE"])
        finally:
            kill_group(process, home)
        done = run(cli("run", "--day", NEXT_DAY, "--json"), home)
        assert done.returncode == 0, done.stderr
        assert violations(home, before, finished=True) == []
        print(f"  the next run published {json.loads(done.stdout)['release_id']}: {statuses(home)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
