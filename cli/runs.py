"""Commands about runs and the state of the warehouse: run, status, doctor, dagster.

Add here a command over runs. Keep out: the order of steps (Dagster) and reading results.
"""

import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
import uuid
from dataclasses import asdict
from importlib.metadata import version
from typing import Annotated, Any

import typer

from cli.output import (
    JsonOption,
    console,
    output_into,
    print_json,
    progress_bars,
    say,
    table,
)
from foundation import locks
from foundation.errors import UsageError, WarehouseError
from foundation.home import HOME_VARIABLE, Home
from foundation.run_index import latest
from ledger.chain import Ledger
from recovery.leftovers import recover_unless_busy
from reports.quality_page.path import existing_page
from runs.days import model_days
from runs.days.day_set import Days
from runs.days.editions import described
from runs.days.plan import NOTHING_PENDING, RunPlan, held_days
from runs.days.reading import plan_now
from runs.settings import DBT_PROJECT, PROJECT_ROOT, Settings
from serving import freshness, permissions, release

DayOption = Annotated[dt.datetime | None, typer.Option("--day", formats=["%Y-%m-%d"])]
FromOption = Annotated[dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])]
ToOption = Annotated[dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])]
EvenIfEmptyOption = Annotated[
    bool, typer.Option("--even-if-empty", help="Publish named days though they have no rows.")
]
PlanOption = Annotated[
    bool, typer.Option("--plan", help="Show which days would be computed and why; do nothing.")
]
_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "polars")


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(run)
    app.command()(status)
    app.command()(doctor)
    app.command("dagster")(dagster_ui)


def run(
    day: DayOption = None,
    from_day: FromOption = None,
    to_day: ToOption = None,
    even_if_empty: EvenIfEmptyOption = False,
    only_plan: PlanOption = False,
    json_output: JsonOption = False,
) -> None:
    """Compute days into a release; without days: every day that no release holds yet.

    Without days and with nothing to compute it says so and publishes nothing. Days that are named
    and have nothing to compute are refused: they are mostly a slip.
    """
    settings = Settings.from_environment()
    asked = _asked(day, from_day, to_day)
    if even_if_empty and asked is None:
        raise UsageError(
            "--even-if-empty is about days that are named",
            where="run",
            remedy="add --day or --from and --to",
        )
    recover_unless_busy(settings.home)
    plan = plan_now(settings.home, asked, even_if_empty=even_if_empty)  # refuses before a run
    if only_plan or not plan.days:
        _show_plan(plan, json_output)
        return
    result = execute(settings, plan, shown=not json_output, even_if_empty=even_if_empty)
    if json_output:
        print_json(result.to_json())
    elif result.status == "published":
        say(f"published {result.release_id} for {result.days}")
    else:
        say(explain_failure(settings, result), err=True)
    if not json_output and result.quality_page is not None:
        say(f"quality page: {result.quality_page}")
    raise typer.Exit(int(result.exit_code))


def _show_plan(plan: RunPlan, json_output: bool) -> None:
    readers_keep = plan.past.release_id or "no release yet"
    if json_output:
        status = "planned" if plan.days else "nothing_to_do"
        print_json({"status": status, **plan.to_json()})
    elif not plan.days:
        say(f"nothing to do: {NOTHING_PENDING}; readers keep {readers_keep}")
    else:
        rows = [
            (day, ", ".join(f"{reason} ({count})" for reason, count in reasons.items()))
            for day, reasons in plan.why.items()
        ]
        console().print(table(f"A run would compute {plan.days}", ("day", "why"), rows))
        if plan.set_aside:
            say(
                f"deliveries set aside: {len(plan.set_aside)}; days that wait by a waiver: "
                f"{', '.join(map(str, plan.waived)) or 'none'}"
            )
        say(f"nothing was done; readers keep {readers_keep}")


def execute(settings: Settings, plan: RunPlan, *, shown: bool, even_if_empty: bool = False) -> Any:
    """Run the daily job with progress bars; its own output goes to runs/<run_id>/run.log."""
    from dagster_project.runner import run_days

    run_id = str(uuid.uuid4())
    log = settings.home.runs / run_id / "run.log"
    with output_into(log) as terminal, progress_bars(shown=shown, stream=terminal):
        return run_days(settings, plan, run_id, even_if_empty=even_if_empty)


def explain_failure(settings: Settings, result: Any) -> str:
    """What stopped a run, in plain words."""
    lines = [f"{result.status}: {result.days}"]
    for refusal in result.refusals:
        lines.append(f"  {refusal['gate']} refused; evidence: {settings.home.runs / result.run_id}")
        lines.extend(f"    {failure}" for failure in refusal["failures"])
    if not result.refusals:  # the innermost cause comes first
        lines.append(f"  {(result.error or '').strip().splitlines()[0] if result.error else ''}")
    current = release.current(settings.home)
    lines.append(f"  readers still get: {current.release_id if current else 'no release yet'}")
    lines.append(f"  log: {settings.home.runs / result.run_id / 'run.log'}")
    return "\n".join(lines)


def _asked(
    day: dt.datetime | None, from_day: dt.datetime | None, to_day: dt.datetime | None
) -> Days | None:
    if day is not None and (from_day is not None or to_day is not None):
        raise UsageError(
            "--day and --from/--to exclude each other",
            where="run",
            remedy="give one day, or a range",
        )
    if (from_day is None) != (to_day is None):
        raise UsageError("a range has two ends", where="run", remedy="give --from and --to")
    if day is not None:
        return Days([day.date()])
    if from_day is not None and to_day is not None:
        return Days.between(from_day.date(), to_day.date())
    return None


def status(json_output: JsonOption = False) -> None:
    """The current release, what is pending, and how the last run ended."""
    home = Home.from_environment()
    plan = plan_now(home)
    past, days = plan.past, plan.asked
    verdicts = [dict(entry.body) for entry in past.entries if entry.kind == "verdict"]
    last = latest(home, 1)
    document = {
        "home": str(home.root),
        "release_id": past.release_id,
        "freshness": " | ".join(fresh.sentence()) if (fresh := freshness.read(home)) else None,
        "releases": [one.release_id for one in release.releases(home)],
        "deliveries": sum(entry.kind == "delivery" for entry in past.entries),
        "pending_deliveries": len(past.pending),
        "pending_from_day": days.from_day if days else None,
        "pending_to_day": days.to_day if days else None,
        "pending_days": str(days) or None,
        "pending_editions": described(past.superseded or ()) or None,
        "pending_models": model_days.described(past.remodelled or ()) or None,
        "held_days": {d.isoformat(): run.what for d, run in sorted(held_days(past).items())}
        or None,
        "last_verdict": verdicts[-1] if verdicts else None,
        "last_run": asdict(last[0]) if last else None,
        "quality_page": str(existing_page(home, last[0].run_id) or "") if last else None,
    }
    _show(document, json_output)


def doctor(json_output: JsonOption = False) -> None:
    """Versions, locks, free disk, what confines readers, who may open releases, the last gate."""
    from ingest.sandbox import child

    home = Home.from_environment()
    entries = list(Ledger(home.ledger).entries())
    verdicts = [dict(entry.body) for entry in entries if entry.kind == "verdict"]
    probe = home.root if home.root.exists() else home.root.parent
    document = {
        "home": str(home.root),
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "warehouse_lock": locks.holder(home.warehouse_lock) or "free",
        "free_disk_gb": shutil.disk_usage(probe).free // 10**9,
        "work_mb": (home.warehouse.stat().st_size // 10**6) if home.warehouse.exists() else 0,
        "leftovers": [path.name for path in home.releases.glob("*.tmp")],
        "readers_and_network": child.network_isolation(),
        "readers_and_files": child.file_isolation(),
        "release_files": permissions.describe(home),
        "last_gate": verdicts[-1] if verdicts else None,
    }
    _show(document, json_output)


def dagster_ui(port: Annotated[int, typer.Option(help="Port on loopback.")] = 3000) -> None:
    """Open the Dagster UI on this home (loopback only, fixed DAGSTER_HOME, telemetry off)."""
    from dagster_project.runner import fail_lost_runs, prepare_dagster_home
    from runs.dbt_project import ensure_manifest

    settings = Settings.from_environment()
    prepare_dagster_home(settings.home)
    if locks.holder(settings.home.warehouse_lock) is None:
        recover_unless_busy(settings.home)
        fail_lost_runs()
    ensure_manifest()
    os.environ[HOME_VARIABLE] = str(settings.home.root)
    os.environ.update(settings.dbt_environment())
    command = [
        sys.executable,
        "-P",
        "-m",
        "dagster",
        "dev",
        "-w",
        str(PROJECT_ROOT / "workspace.yaml"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    code = subprocess.call(command, cwd=PROJECT_ROOT)
    if code not in (0, -2, 130):
        raise WarehouseError(
            f"dagster dev ended with code {code}",
            where=str(DBT_PROJECT.parent),
            remedy="read its output above",
        )


def _show(document: dict[str, Any], json_output: bool) -> None:
    if json_output:
        print_json(document)
    else:
        for name, value in document.items():
            say(f"{name}: {'' if value is None else value}")
