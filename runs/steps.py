"""The steps of a run as plain functions: land its days, gate 1, gate 2, publish.

Add here a step that Dagster assets and tests must call alike. Keep out: Dagster types (defs/) and
what a step does inside (ingest, expectations, serving).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from contracts.catalogue import CONTRACTS
from expectations.delivery_history import remember_days, remember_deliveries
from expectations.gate import run_gate
from expectations.lists.holidays import load_calendar
from expectations.suites import gate1, gate2
from expectations.verdict import Verdict, load_verdict, require_passing
from expectations.waivers import load_waivers
from foundation.errors import GateRefusal, WarehouseError
from foundation.faults import fault_point
from foundation.files import canonical_json, write_atomically
from foundation.home import Home
from foundation.progress import report
from ingest import site_parameters
from ingest.raw_views import register_raw_views
from ingest.store.exclusions import Exclusions
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from runs import dbt_project
from runs.days import later_days, model_days, run_entries
from runs.days.causes import causes_of
from runs.days.day_set import Days, days_of_facts
from runs.days.model_days import ModelDays
from runs.days.plan import RunPlan
from runs.days.publications import first_releases
from runs.evidence import record_deliveries
from runs.settings import Settings
from runs.working_schema import require_fitting
from serving import candidate, release
from serving.audit import manifest_sha256
from serving.content import CONTENT_FILE, Content
from serving.permissions import groups_from_environment
from serving.revisions import revised_days


@dataclass(frozen=True)
class RunStart:
    """What a run started from: its inputs, its code, the release that was current.

    waivers: file name -> sha256 of the signed waivers that its gates may use. set_aside: sha256 of
    pending deliveries that it reads as if they had never come, because their days are held back.
    site_parameters_sha256: of the site's own parameters; None without any. models: risk type ->
    version -> those of the days that it scores.
    """

    run_id: str
    days: Days
    base_release: str | None
    inputs: tuple[str, ...]
    inputs_hash: str
    code_sha256: str
    seeds_sha256: str
    lock_sha256: str
    waivers: Mapping[str, str]
    set_aside: tuple[str, ...] = ()
    site_parameters_sha256: str | None = None
    models: ModelDays = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """JSON-ready; becomes part of the release manifest."""
        return {
            "run_id": self.run_id,
            "from_day": self.days.from_day.isoformat(),
            "to_day": self.days.to_day.isoformat(),
            "days": str(self.days),
            "base_release": self.base_release,
            "inputs": list(self.inputs),
            "inputs_hash": self.inputs_hash,
            "code_sha256": self.code_sha256,
            "seeds_sha256": self.seeds_sha256,
            "lock_sha256": self.lock_sha256,
            "waivers": dict(self.waivers),
            "set_aside": list(self.set_aside),
            "site_parameters_sha256": self.site_parameters_sha256,
            "models": {risk_type: dict(days) for risk_type, days in self.models.items()},
        }


def evidence_folder(home: Home, run_id: str) -> Path:
    """Where a run keeps what it saw and decided."""
    return home.runs / run_id


def working_database(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The one writer's connection; close it before another step opens the file."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(str(settings.warehouse), config=dict(settings.duckdb_config))


def land_days(settings: Settings, run_id: str, plan: RunPlan) -> dict[str, int]:
    """Register the raw rows of the planned days in the working database; rows per raw table.

    What is delivered after the plan was made is for the next run. Writes runs/<run_id>/start.json,
    which the gates and the release are bound to.
    """
    report("raw rows of the days")
    home, days, entries = settings.home, plan.days, plan.past.entries
    require_fitting(settings, days)
    exclusions = Exclusions(days.skipped, plan.set_aside)
    site_parameters.require_overridable(
        site_parameters.read(home.parameters),
        dbt_project.overridable_parameters(),
        home.parameters,
    )
    run_entries.started(home, run_id, days, entries)
    with working_database(settings) as connection:
        counts = register_raw_views(
            connection, home, days.from_day, days.to_day, exclusions, entries
        )
        remember_deliveries(connection)
        record_deliveries(connection, evidence_folder(home, run_id))
        linked = connection.execute("select distinct sha256 from raw.linked_record").fetchall()
    inputs = _inputs(home, plan, {sha for (sha,) in linked}, exclusions)
    start = RunStart(
        run_id=run_id,
        days=days,
        base_release=plan.past.release_id,
        inputs=inputs,
        inputs_hash=hashlib.sha256("\n".join(inputs).encode()).hexdigest(),
        code_sha256=dbt_project.code_hash(),
        seeds_sha256=dbt_project.seeds_hash(),
        lock_sha256=dbt_project.lock_hash(),
        waivers=plan.past.waivers,
        set_aside=tuple(sorted(plan.set_aside)),
        site_parameters_sha256=site_parameters.sha256(home.parameters),
        models=model_days.of_days(entries, days),
    )
    fault_point("before_start_record")
    write_atomically(evidence_folder(home, run_id) / "start.json", canonical_json(start.facts()))
    fault_point("start_recorded")
    return counts


def require_landed(settings: Settings, run_id: str) -> None:
    """Raise WarehouseError unless the working database holds the days that this run landed.

    Models compute the days that they find there: after another run they would be that run's days.
    """
    start = read_start(settings.home, run_id)
    with working_database(settings) as connection:
        found = connection.execute("select day from raw.run_day").fetchall()
    if {day for (day,) in found} != start.days:
        raise WarehouseError(
            f"the working database holds other days than this run landed ({start.days})",
            where=f"{settings.warehouse}, raw.run_day",
            remedy="run the whole job again",
        )


def read_start(home: Home, run_id: str) -> RunStart:
    """The record that `land_days` wrote; WarehouseError when this run has landed nothing."""
    path = evidence_folder(home, run_id) / "start.json"
    try:
        facts: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WarehouseError(
            "this run has not landed its days, so there is nothing that it may compute or judge",
            where=str(path),
            remedy="run the whole job: a day is computed from its deliveries to the release",
        ) from error
    return RunStart(
        run_id=facts["run_id"],
        days=days_of_facts(facts),
        base_release=facts["base_release"],
        inputs=tuple(facts["inputs"]),
        inputs_hash=facts["inputs_hash"],
        code_sha256=facts["code_sha256"],
        seeds_sha256=facts["seeds_sha256"],
        lock_sha256=facts["lock_sha256"],
        waivers=facts["waivers"],
        set_aside=tuple(facts["set_aside"]),
        site_parameters_sha256=facts.get("site_parameters_sha256"),
        models=facts.get("models", {}),
    )


def seeds_are_loaded(settings: Settings) -> bool:
    """Whether the working database holds exactly the seeds on disk."""
    if not settings.warehouse.exists():
        return False
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        try:
            found = connection.execute("select sha256 from pipeline.seeds_loaded").fetchone()
        except duckdb.CatalogException:
            return False
    return found == (dbt_project.seeds_hash(),)


def mark_seeds_loaded(settings: Settings) -> None:
    """Remember in the working database itself which seeds it holds."""
    with working_database(settings) as connection:
        connection.execute("create schema if not exists pipeline")
        connection.execute(
            "create or replace table pipeline.seeds_loaded as select ? as sha256",
            [dbt_project.seeds_hash()],
        )


def check_inputs(settings: Settings, run_id: str) -> Verdict:
    """Gate 1: are the deliveries of these days fit to load? The verdict is kept in the ledger."""
    report("gate 1")
    start = read_start(settings.home, run_id)
    verdict = run_gate(
        "gate1",
        gate1.suites(load_calendar(settings.home.calendar)),
        database=settings.warehouse,
        config=settings.duckdb_config,
        subject_hash=start.inputs_hash,
        evidence=evidence_folder(settings.home, run_id),
        waivers=load_waivers(settings.home.waivers, start.waivers),
    )
    _record_verdict(settings.home, run_id, verdict)
    return verdict


def check_marts(settings: Settings, run_id: str) -> Verdict:
    """Gate 2: are the marts fit to publish? The verdict is bound to their content hash."""
    report("gate 2")
    home = settings.home
    start = read_start(home, run_id)
    with working_database(settings) as connection:
        remember_days(connection)
    evidence = evidence_folder(home, run_id)
    content = candidate.measure_work(
        settings.warehouse,
        dbt_project.release_plan(settings.release_rows),
        (*start.days, *later_days.read(evidence)),
        release.current(home),
        home.work / "spill",
    )
    write_atomically(evidence / CONTENT_FILE, content.to_json())
    verdict = run_gate(
        "gate2",
        gate2.suites(),
        database=settings.warehouse,
        config=settings.duckdb_config,
        subject_hash=content.hashes.combined,
        evidence=evidence,
        waivers=load_waivers(home.waivers, start.waivers),
    )
    _record_verdict(home, run_id, verdict)
    return verdict


def publish(settings: Settings, run_id: str) -> str:
    """Build, verify and switch to a new release; returns its id.

    Raises GateRefusal unless both gates left a passing verdict for exactly this content, and
    WarehouseError when the built files hold anything else than gate 2 measured.
    """
    report("release")
    home = settings.home
    start = read_start(home, run_id)
    evidence = evidence_folder(home, run_id)
    groups = groups_from_environment()
    content = Content.read(evidence / CONTENT_FILE)
    if content is None:
        raise GateRefusal(
            "gate 2 has not measured this run's marts",
            where=str(evidence),
            remedy="run the whole job again; a release is never published without its gates",
        )
    subject = content.hashes.combined
    ledger = Ledger(home.ledger)

    def verdicts_pass() -> str:
        require_passing(evidence / "gate1.json", "gate1", start.inputs_hash)
        return require_passing(evidence / "gate2.json", "gate2", subject).document()[
            "verdict_sha256"
        ]

    verdicts_pass()
    gate_rows = [
        row for gate in ("gate1", "gate2") for row in load_verdict(evidence / f"{gate}.json").rows()
    ]
    computed_later = later_days.read(evidence)
    first = first_releases(
        home,
        ledger.entries(),
        {*start.days, *computed_later, *revised_days(release.current(home))},
    )
    # A day computed ahead has no figure yet: it enters the history with the run that reads it.
    later = [day for day in computed_later if day in first or content.has_rows(day)]
    with working_database(settings) as connection:
        models = model_days.read_from(connection, start.days, later)
    facts = {
        **start.facts(),
        "later_days": [day.isoformat() for day in later],
        "models": models,  # of later days, too: their risk was made again
    }
    release.sweep(home)
    built = release.build(
        home,
        dbt_project.release_plan(settings.release_rows),
        warehouse=settings.warehouse,
        gate_rows=gate_rows,
        run_facts={
            **facts,
            "marts_hash": subject,
            "code_commit": dbt_project.code_commit(),
            "ledger_head": ledger.head().to_json(),
        },
        days=(*start.days, *later),
        judged=content,
        causes=causes_of(home, start.days, later, start.inputs, models),
        first_releases=first,
    )
    release_id = release.publish(
        home,
        built,
        base=start.base_release,
        verdict_check=verdicts_pass,
        groups=groups,
    )
    ledger.append(
        "release",
        {
            **facts,
            "release_id": release_id,
            "manifest_sha256": manifest_sha256(home, release_id),
        },
    )
    fault_point("release_recorded")
    release.retain(home, settings.releases_kept)
    return release_id


def _inputs(home: Home, plan: RunPlan, linked: set[str], exclusions: Exclusions) -> tuple[str, ...]:
    """sha256 of every raw file that the days read, sorted: what the run is a function of.

    linked: files of other days of which single rows are read (ingest/links.py).
    """
    ends, entries = (plan.days.from_day, plan.days.to_day), plan.past.entries
    files = linked | {
        path.stem
        for source in CONTRACTS
        for path in raw_files(home, source, *ends, exclusions=exclusions, entries=entries)
    }
    return tuple(sorted(files))


def _record_verdict(home: Home, run_id: str, verdict: Verdict) -> None:
    Ledger(home.ledger).append(
        "verdict",
        {
            "run_id": run_id,
            "gate": verdict.gate,
            "subject_hash": verdict.subject_hash,
            "verdict_sha256": verdict.document()["verdict_sha256"],
            "passed": verdict.passed,
            "declared": verdict.declared,
            "evaluated": verdict.evaluated,
            "failures": [r.told for r in verdict.results if r.stops],
            "waivers": {
                waiver["file"]: waiver["sha256"] for r in verdict.results for waiver in r.waivers
            },
        },
    )
    fault_point("verdict_recorded")
