"""What Dagster can be asked for besides the daily run: part of `make faults`.

Asks the running `import-risk dagster` over GraphQL, as its pages do, for single assets, a group,
seeds, checks, chosen steps, a day without rows and a back-fill of a group: each is refused with a
sentence and changes nothing. Then for a back-fill of all assets over a range, which is one whole
run, and for the daily run. The content published then is that of a home in which only the daily
run ran.
Add here another thing that Dagster can ask for. Keep out: kills (daemon_killed.py).
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.defs.jobs import DAILY_JOB
from dagster_project.runner import prepare_dagster_home
from foundation.home import Home
from ledger.chain import Ledger
from runs import dbt_project
from serving import candidate
from serving.current import current
from tests.faults.dagster_processes import ANY_ASSETS, Web, free_port, kill_group, start, until
from tests.faults.kills import cli, run
from tests.support.frozen_home import FROZEN_DAYS, NEXT_DAY, NEXT_RECEIVED, copy, unpack

ON_THE_FIRST_DAY = {"dagster/partition": str(FROZEN_DAYS[0])}
SENTENCE = "a day is computed whole or not at all"
EMPTY = "there is nothing to compute on"


def state(home: Home) -> tuple[Any, ...]:
    """What a refused run must leave as it is: marts, landed days, ledger, release, evidence."""
    plan = dbt_project.release_plan(1_000_000)
    spill = home.work / "spill"
    marts = candidate.measure_work(home.warehouse, plan, days=(), base=None, spill=spill)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        landed = connection.execute("select day from raw.run_day order by day").fetchall()
    now = current(home)
    return (
        marts.hashes.combined,
        landed,
        Ledger(home.ledger).head(),
        now.release_id if now else None,
        sorted(path.name for path in home.runs.iterdir()),
    )


def content(home: Home) -> str:
    """Hash of what readers get."""
    now = current(home)
    assert now is not None
    return str(now.manifest["content_hash"])


def refused(web: Web, what: str, ask: Callable[[], str], sentence: str = SENTENCE) -> None:
    """Ask, wait for the end, and see the sentence."""
    run_id = ask()
    status, said = until(what, lambda: web.ended(run_id))
    assert (status, sentence in said) == ("FAILURE", True), f"{what}: {status} {said[-3000:]}"


def parts(web: Web) -> dict[str, Callable[[], str]]:
    """What is asked for -> how: every kind of part of a run that the pages offer."""
    key = {"path": ["fct_risk_scores"]}
    one = {"assetSelection": [key], "assetCheckSelection": []}
    no_checks = {
        "assetSelection": [{"path": path} for path in web.assets()], "assetCheckSelection": []
    }  # fmt: skip

    def group(name: str) -> dict[str, Any]:
        return {"assetSelection": [{"path": path} for path in web.assets(name)]}

    check = {"assetKey": key, "name": "gate2_risk_scores"}
    return {
        "a single asset": lambda: web.launch(ANY_ASSETS, ON_THE_FIRST_DAY, **one),
        "a single asset of the daily job": lambda: web.launch(DAILY_JOB, ON_THE_FIRST_DAY, **one),
        "the group risk": lambda: web.launch(ANY_ASSETS, ON_THE_FIRST_DAY, **group("risk")),
        "the raw rows": lambda: web.launch(ANY_ASSETS, ON_THE_FIRST_DAY, **group("raw")),
        "the seeds": lambda: web.launch(ANY_ASSETS, ON_THE_FIRST_DAY, **group("seeds")),
        "the release": lambda: web.launch(ANY_ASSETS, ON_THE_FIRST_DAY, **group("release")),
        "all assets without checks": lambda: web.launch(ANY_ASSETS, ON_THE_FIRST_DAY, **no_checks),
        "a single check": lambda: web.launch(
            ANY_ASSETS, ON_THE_FIRST_DAY, assetSelection=[], assetCheckSelection=[check]
        ),
        "chosen steps": lambda: web.launch(DAILY_JOB, ON_THE_FIRST_DAY, stepKeys=["dbt_daily"]),
    }


def ask_for_everything(home: Home, web: Web) -> None:
    """Every part is refused, a range and the daily run are whole."""
    before = state(home)
    for what, ask in parts(web).items():
        refused(web, what, ask)
        assert state(home) == before, f"{what}: something changed"
    a_day_without_rows = {"dagster/partition": "2025-01-01"}
    refused(web, "a day without rows", lambda: web.launch(DAILY_JOB, a_day_without_rows), EMPTY)
    assert state(home) == before, "a day without rows: something changed"
    days = [day.isoformat() for day in FROZEN_DAYS]
    backfill = web.backfill(web.assets("risk"), days)
    runs = until("a back-fill of the group risk", lambda: web.ended_backfill(backfill))
    assert [run["status"] for run in runs] == ["FAILURE"], runs
    assert state(home) == before, "back-fill of a group: something changed"
    backfill = web.backfill(web.assets(), days)
    runs = until("a back-fill of all assets", lambda: web.ended_backfill(backfill))
    assert [run["status"] for run in runs] == ["SUCCESS"], runs
    run_id = web.launch(DAILY_JOB, {"dagster/partition": str(NEXT_DAY)})
    status, said = until("the daily run", lambda: web.ended(run_id))
    assert status == "SUCCESS", said[-3000:]


def main() -> int:
    """0 when nothing but whole runs changed anything; prints each step."""
    with tempfile.TemporaryDirectory(prefix="import-risk-daemon-") as folder:
        home, files = unpack(Path(folder) / "frozen")
        for command in (cli("rebuild"), cli("deliver", *files, "--received-date", NEXT_RECEIVED)):
            done = run(command, home)
            assert done.returncode == 0, done.stderr
        plain = copy(home, Path(folder) / "plain")
        prepare_dagster_home(home)
        web = Web(free_port())
        process = start(home, Path(folder) / "dagster.log", web.port)
        try:
            until("Dagster answers", web.answers)
            ask_for_everything(home, web)
        finally:
            kill_group(process, home)
        done = run(cli("run", "--day", NEXT_DAY, "--json"), plain)
        assert done.returncode == 0, done.stdout
        assert content(home) == content(plain)
        print(f"  content as after {json.loads(done.stdout)['release_id']} alone: {content(home)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
