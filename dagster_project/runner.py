"""Run the daily job over planned days in this process, and say in plain terms how it ended.

Add here another way to start a run. Keep out: what the steps do (steps.py) and printing (cli).
"""

import importlib
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.lost_runs import mark_lost_runs
from foundation import disk, locks, memory
from foundation.errors import ExitCode, WarehouseError
from foundation.home import Home
from ledger.chain import Ledger
from reports.quality_page.path import existing_page
from runs.days.day_set import Days, days_of_facts
from runs.days.plan import RunPlan
from runs.settings import PROJECT_ROOT, Settings
from runs.space import space_needed
from runs.working_schema import require_fitting
from serving.permissions import groups_from_environment

_DAGSTER_CONFIGURATION = PROJECT_ROOT / "dagster_project" / "dagster.yaml"


@dataclass(frozen=True)
class RunResult:
    """How a run ended. status: published | refused | failed.

    quality_page: the page of this run, None when it could not be written.
    """

    run_id: str
    days: Days
    status: str
    release_id: str | None
    refusals: tuple[dict[str, Any], ...]
    error: str | None
    quality_page: Path | None = None

    @property
    def exit_code(self) -> ExitCode:
        """The process exit code that this result means."""
        return {
            "published": ExitCode.DONE,
            "refused": ExitCode.REFUSED_BY_GATE,
            "failed": ExitCode.FAILED,
        }[self.status]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "run_id": self.run_id,
            "from_day": self.days.from_day.isoformat(),
            "to_day": self.days.to_day.isoformat(),
            "days": str(self.days),
            "status": self.status,
            "release_id": self.release_id,
            "refusals": list(self.refusals),
            "error": self.error,
            "quality_page": None if self.quality_page is None else str(self.quality_page),
        }


def prepare_dagster_home(home: Home) -> Path:
    """DAGSTER_HOME of this warehouse with the shipped configuration; absolute, never temporary.

    Its databases are there afterwards: Dagster fails when two processes create them at once.
    """
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "1"
    created = home.dagster / ".created"
    with locks.exclusive(home.dagster / "prepare.lock", "Dagster's home", wait=True):
        shutil.copyfile(_DAGSTER_CONFIGURATION, home.dagster / "dagster.yaml")
        if not created.exists():
            import dagster as dg

            with dg.DagsterInstance.get():
                created.touch()
    return home.dagster


def warm_up() -> threading.Thread:
    """Start loading what the first run needs while this process still waits for files.

    Parsing the dbt project and importing Dagster and Great Expectations take longer than
    delivering a small week. A failure here is not lost: the run meets it again and reports it.
    """

    def load() -> None:
        from runs.dbt_project import ensure_manifest

        ensure_manifest()
        from dagster_project.definitions import defs

        defs()
        importlib.import_module("expectations.engine")  # Great Expectations

    thread = threading.Thread(target=load, name="warm-up", daemon=True)
    thread.start()
    return thread


def run_days(
    settings: Settings, plan: RunPlan, run_id: str, *, even_if_empty: bool = False
) -> RunResult:
    """Execute the daily job as planned: a range is one run, never one run a day.

    even_if_empty: the plan was made for days on which there may be nothing to compute.

    Raises WarehouseBusy when another run holds the warehouse, WarehouseError when the working
    database does not fit or the disk is too full to begin.
    """
    home = settings.home
    groups_from_environment()  # a misspelt group fails now and not after hours of work
    with locks.exclusive(home.warehouse_lock, f"start of run {run_id}"):
        require_fitting(settings, plan.days)
        disk.require(home.work, need=space_needed(home), what="a run")
        prepare_dagster_home(home)
        fail_lost_runs()
    # Imported here: Dagster and the dbt manifest take seconds that other commands should not pay.
    import dagster as dg

    from dagster_project.definitions import defs
    from dagster_project.defs.jobs import DAILY_JOB
    from dagster_project.defs.resources import hand_over
    from dagster_project.partitions import day_tags, recorded_on

    job = defs().resolve_job_def(DAILY_JOB)
    hand_over(run_id, plan)
    # Dagster keeps its own records on the same disk and may die of them first.
    with disk.named_when_full(home.work, need=lambda: space_needed(home), what="a run"):
        with dg.DagsterInstance.get() as instance:
            outcome = job.execute_in_process(
                instance=instance,
                run_id=run_id,
                partition_key=recorded_on(plan.asked),
                tags=day_tags(plan.asked, even_if_empty=even_if_empty),
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "INFO"}}}},
            )
        failures = [
            _in_plain_terms(event.step_failure_data.error)
            for event in outcome.get_step_failure_events()
        ] or [
            # No step began: the warehouse was busy, or what a dead run left could not be mended.
            _in_plain_terms(event.job_failure_data.error)
            for event in outcome.all_events
            if event.is_job_failure
        ]
    if any(disk.is_full(failure) for failure in failures):
        full = disk.full(home.work, need=space_needed(home), what="a run")
        failures.insert(0, str(full))
    elif any(memory.is_short(failure) for failure in failures) and not any(
        memory.is_named(failure) for failure in failures
    ):
        short = memory.short("a run", limit=settings.memory_limit, where=str(settings.warehouse))
        failures.insert(0, str(short))
    return _result(home, run_id, plan.days, outcome.success, failures)


def _in_plain_terms(error: Any) -> str:
    """What a failed step died of: the innermost cause first, then Dagster's whole account."""
    if error is None:
        return ""
    account, cause = error.to_string(), error
    while cause.cause is not None:
        cause = cause.cause
    return f"{cause.message.strip()}\n{account}"


def fail_lost_runs() -> tuple[str, ...]:
    """Mark the runs whose process died; under the warehouse lock, DAGSTER_HOME prepared."""
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        return mark_lost_runs(instance)


def _result(home: Home, run_id: str, days: Days, success: bool, failures: list[str]) -> RunResult:
    entries = [
        entry for entry in Ledger(home.ledger).entries() if entry.body.get("run_id") == run_id
    ]
    releases = [e.body["release_id"] for e in entries if e.kind == "release"]
    refusals = tuple(dict(e.body) for e in entries if e.kind == "verdict" and not e.body["passed"])
    if success and not releases:
        raise WarehouseError(
            "the run ended without error and without a release",
            where=str(home.runs / run_id),
            remedy="report this: it must not happen",
        )
    status = "published" if success else "refused" if refusals else "failed"
    error = None if success else "\n".join(failures) or "see the Dagster run log"
    started = [entry.body for entry in entries if entry.kind == "run"]
    days = days_of_facts(started[0]) if started else days
    page = existing_page(home, run_id)
    release_id = releases[-1] if releases else None
    return RunResult(run_id, days, status, release_id, refusals, error, page)
