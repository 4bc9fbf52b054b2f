"""`import-risk demo`: a synthetic week through the whole path, and what to open next.

Add here something a newcomer should see first. Keep out: anything that a site with real data runs.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import JsonOption, console, print_json, progress_bars, table
from cli.runs import execute, explain_failure
from dagster_project.runner import warm_up
from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from foundation.progress import report
from runs.days.day_set import Days
from runs.days.reading import plan_now
from runs.settings import Settings

# A week of about 100,000 parcels.
_PARCELS_PER_DAY = 14_286
_DAYS = 7

_VIEWS = {
    "riskiest": """
        select customs_office_code, queue_rank, consignment_id, risk_type, score_points,
               round(probability_percent, 1) as probability_percent,
               expected_finding_value_vnd, reason_vi || ' | ' || reason_en as reason
        from reporting.rpt_risk_queue
        where (day, customs_office_code) = (
            select (day, customs_office_code) from reporting.rpt_risk_queue
            group by day, customs_office_code
            order by day desc, count(*) desc, customs_office_code limit 1
        )
        order by queue_rank
        limit 10
    """,
    "platforms": """
        select platform_code, platform_status, sum(consignments) as consignments,
               sum(value_vnd) as value_vnd, sum(duty_due_vnd + vat_due_vnd) as tax_due_vnd,
               sum(duty_relieved_vnd + vat_relieved_vnd) as tax_relieved_vnd
        from impact.fct_import_flows_daily
        group by all
        order by consignments desc, platform_code, platform_status
    """,
    "scenarios": """
        select title_vi || ' | ' || title_en as scenario, affected_consignments,
               round(tax_before_vnd / 1e6)::bigint as before,
               round(tax_after_vnd / 1e6)::bigint as after,
               round(tax_after_response_vnd_low / 1e6)::bigint as low,
               round(tax_after_response_vnd_high / 1e6)::bigint as high
        from impact.fct_scenario_results
        where dimension = 'total'
        order by scenario_name
    """,
    "gates": """
        select gate, count(*) as rules, count(*) filter (where passed) as passed,
               count(*) filter (where not passed and severity = 'critical') as critical_failures
        from quality.fct_gate_results
        group by gate
        order by gate
    """,
    "quarantine": """
        select source_name, sum(rows_in) as rows_in, sum(rows_accepted) as accepted,
               sum(rows_quarantined) as quarantined, sum(rows_duplicate) as duplicates
        from quality.fct_delivery_outcomes
        group by source_name
        order by source_name
    """,
}
_COLUMNS = {
    "riskiest": (
        *("office", "rank", "consignment", "risk type"),
        *("points", "probability %", "expected VND", "first reason"),
    ),
    "platforms": ("platform", "status", "consignments", "value VND", "tax due VND", "relieved VND"),
    "scenarios": ("scenario", "affected", "tax before", "after", "prices answered: 5 %", "95 %"),
    "gates": ("gate", "rules", "passed", "critical failures"),
    "quarantine": ("source", "rows in", "accepted", "quarantined", "duplicates"),
}
_TITLES = {
    "riskiest": "First ten of the queue, last day, the office that selects most",
    "platforms": "Platforms, with registration status on the day of arrival",
    "scenarios": "The week under another law, million VND (docs/scenarios.md)",
    "gates": "Quality gates of this release",
    "quarantine": "Deliveries: every row accounted for (reasons in quality.fct_quarantine_reasons)",
}


def register(app: typer.Typer) -> None:
    """Put the command on `app`."""
    app.command()(demo)


def demo(
    parcels_per_day: Annotated[int, typer.Option(min=1)] = _PARCELS_PER_DAY,
    days: Annotated[int, typer.Option(min=2)] = _DAYS,
    json_output: JsonOption = False,
) -> None:
    """Generate a synthetic week, deliver it, run it, publish it, and show what to open next."""
    from ingest.conforming.pseudonymise import PseudonymKey
    from synthetic.generate import DEFAULT_SEED, generate
    from synthetic.parameters import default_first_day

    settings = Settings.from_environment()
    key = PseudonymKey.from_environment()
    if key != PseudonymKey.demonstration():
        raise UsageError(
            "the demo never writes synthetic rows into a home with a real key",
            where=str(settings.home.root),
            remedy="unset IMPORT_RISK_PII_KEY and IMPORT_RISK_ENVIRONMENT, or use another home",
        )
    started = time.monotonic()
    warming = warm_up()
    folder, first_day = settings.home.root / "demo", default_first_day(days)
    shown = not json_output
    with progress_bars(shown=shown):
        generated = generate(
            folder,
            first_day=first_day,
            days=days,
            parcels_per_day=parcels_per_day,
            seed=DEFAULT_SEED,
            on_progress=report,
        )
    week = Days.between(first_day, first_day + dt.timedelta(days=days - 1))
    # What inspections find is known later and waits in the folder: nothing is run ahead of its day.
    files = sorted(folder.glob("*.csv"))
    before = [path for path in files if _day_of(path) < week.to_day]
    _deliver(settings.home, before, week.to_day, key, shown)
    warming.join()
    with _scenarios(first_day, week.to_day - dt.timedelta(days=1)):
        first_run = _run(settings, Days([*week][:-1]), shown)
    learned = _learn(settings, first_day, week.to_day, shown)
    last = [path for path in files if _day_of(path) == week.to_day]
    _deliver(settings.home, last, week.to_day, key, shown)
    second_run = _run(settings, Days([week.to_day]), shown)
    pages = _reports(settings.home, first_day)
    views = {name: _read(settings.home, sql) for name, sql in _VIEWS.items()}
    seconds = round(time.monotonic() - started, 1)
    if json_output:
        print_json(
            {
                "seed": generated.seed,
                "seconds": seconds,
                "database": str(_database(settings.home)),
                "releases": [first_run.release_id, second_run.release_id],
                "models": learned,
                "reports": [str(page) for page in pages],
                **{name: rows.to_pylist() for name, rows in views.items()},
            }
        )
        return
    screen = console()
    for name, rows in views.items():
        listed = [list(row.values()) for row in rows.to_pylist()]
        screen.print(table(_TITLES[name], _COLUMNS[name], listed))
    screen.print(
        _next_steps(settings.home, generated.seed, seconds, second_run.quality_page, pages),
        soft_wrap=True,
        markup=False,
    )


def _day_of(path: Path) -> dt.date:
    """The day in the name of a file; a file of no day comes before all others."""
    try:
        return dt.date.fromisoformat(path.stem[-len("yyyy-mm-dd") :])
    except ValueError:
        return dt.date.min


def _database(home: Home) -> Path:
    return home.releases / "current" / "customs" / "warehouse.duckdb"


def _deliver(home: Home, files: list[Path], last_day: dt.date, key: Any, shown: bool) -> None:
    from ingest.delivery import deliver

    with progress_bars(shown=shown):
        outcomes = deliver(
            home,
            files,
            source=None,
            sender=None,
            received_date=last_day,
            key=key,
            on_progress=report,
        )
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if refused:
        raise WarehouseError(
            f"a generated file was refused: {refused[0].reason}",
            where=refused[0].file,
            remedy="report this: generator and contract disagree",
        )


def _run(settings: Settings, asked: Days, shown: bool) -> Any:
    result = execute(settings, plan_now(settings.home, asked), shown=shown)
    if result.status != "published":
        raise WarehouseError(
            explain_failure(settings, result),
            where=f"run {result.run_id}",
            remedy="read the log named above",
        )
    return result


@contextmanager
def _scenarios(first_day: dt.date, last_day: dt.date) -> Iterator[None]:
    """Compute the shipped scenarios beside what the block does, in a process of their own: they
    read raw rows alone. Done at the end of the block, for the release of the next run."""
    from runs.scenario.document import shipped

    command = [sys.executable, "-P", "-m", "cli.main", "scenario", *shipped(), "--json"]
    days = ["--from", str(first_day), "--to", str(last_day)]
    with tempfile.TemporaryFile() as told:
        with subprocess.Popen(
            [*command, *days], stdout=subprocess.DEVNULL, stderr=told
        ) as process:  # waits for it at the end
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)  # whoever waits, waits for the run
            try:
                yield
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            told.seek(0)
            raise WarehouseError(
                f"the scenarios failed: {told.read().decode(errors='replace').strip()[-2000:]}",
                where="import-risk scenario",
                remedy="report this: the shipped scenarios and the models of taxes disagree",
            )


def _learn(settings: Settings, first_day: dt.date, last_day: dt.date, shown: bool) -> list[str]:
    """Let each risk type with enough findings, and the names of declared goods, count on the last
    day by what the days before said; the versions. A type without keeps the expert's points."""
    from runs.calibration import TooFewOutcomes, calibrate, risk_types
    from runs.dbt_project import model_features
    from runs.item_names import TooFewNames, calibrate_item_names
    from runs.model_registry import promote

    versions = []
    with progress_bars(shown=shown):
        with suppress(TooFewNames):
            versions.append(calibrate_item_names(settings, last_day - dt.timedelta(days=1)).version)
            promote(
                settings.home,
                versions[-1],
                valid_from=last_day,
                reason=f"demonstration: what goods were declared as since {first_day}",
                signed_by="import-risk demo",
                computed=(),
            )
        for risk_type in risk_types(settings):
            try:
                done = calibrate(settings, risk_type, last_day - dt.timedelta(days=1))
            except TooFewOutcomes:
                continue
            promote(
                settings.home,
                done.version,
                valid_from=last_day,
                reason=f"demonstration: what inspections since {first_day} found",
                signed_by="import-risk demo",
                computed=model_features(),
            )
            versions.append(done.version)
    return versions


def _reports(home: Home, first_day: dt.date) -> list[Path]:
    """The impact report of the last whole month, which was delivered as figures, and of the month
    that the week begins, which is told by its parcels; their Vietnamese pages."""
    from runs.impact_report import write_impact_report

    this = first_day.replace(day=1)
    last = (this - dt.timedelta(days=1)).replace(day=1)
    pages = []
    for month in (last, this):
        written = write_impact_report(home, month)
        pages += [path for path in written.files if path.name.endswith("-vi.pdf")]
    return pages


def _read(home: Home, sql: str) -> Any:
    from serving.reader import query

    return query(home, sql, audience="customs")


def _next_steps(
    home: Home, seed: int, seconds: float, page: Path | None, reports: list[Path]
) -> str:
    database = _database(home)
    told = "\n".join(f"  impact report          {path}" for path in reports)
    return f"""
SYNTHETIC DATA (seed {seed}); done in {seconds} s. Open next:
  database (read-only)   {database}
  duckdb CLI             duckdb -readonly '{database}'
  Python                 duckdb.connect('{database}', read_only=True)
  SQLAlchemy             duckdb:///{database}?access_mode=read_only   (poolclass=NullPool)
  ask                    import-risk query "select * from reporting.rpt_platforms"
  why this one           import-risk explain CONSIGNMENT_ID
  quality of the run     {page}
{told}
  lineage and checks     make dagster
"""
