"""The end of every run, however it ended: index line, freshness, quality page, notices.

`runs/open.json` names the run that has begun; whoever finds it with the writer's lock in hand knows
that its process died, and ends it in its place.
Add here what must happen after a run whatever its result. Keep out: anything that may change that
result. A failure here is printed and kept in runs/<run_id>/run_end.json; the run stays what it was.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from foundation.errors import WarehouseError
from foundation.files import canonical_json, write_atomically
from foundation.home import Home
from foundation.run_index import EndedRun, append
from ledger.chain import Ledger
from notices.configuration import Kind
from notices.dispatch import queue_for_run, send_within
from notices.message import RunFacts
from reports.quality_page.page import write_quality_page
from reports.quality_page.path import existing_page
from runs import steps
from runs.days import run_entries
from runs.days.day_set import days_of_facts
from runs.evidence import FAILURE_FILE, record_death
from serving import freshness, release

# What reading evidence, rendering and writing can raise. Anything else is a defect and is shown
# by Dagster as one, after the run has done its work.
_EXPECTED = (OSError, ValueError, KeyError, TypeError, TemplateError, WarehouseError)


def begin(home: Home, run_id: str) -> None:
    """Say that `run_id` has begun; end the run that a dead process left open.

    The caller holds the writer's lock.
    """
    marker = _marker(home)
    left = _document(marker).get("run_id")
    if left and left != run_id:
        evidence = steps.evidence_folder(home, left)
        _shielded("failure.json", lambda: record_death(evidence), [])
        finish(home, left)
    write_atomically(marker, canonical_json({"run_id": run_id}) + "\n")


def finish(home: Home, run_id: str) -> EndedRun:
    """Record how the run ended and tell people; never raises for what it cannot tell."""
    run = ended_run(home, run_id)
    problems: list[str] = []
    _shielded("ledger", lambda: _record_end(home, run), problems)
    _shielded("run index", lambda: append(home, run), problems)
    _shielded("freshness", lambda: _refresh(home, run), problems)
    _shielded("quality page", lambda: write_quality_page(home, run), problems)
    _shielded("notices", lambda: _tell(home, run), problems)
    if problems:
        note = steps.evidence_folder(home, run_id) / "run_end.json"
        document = canonical_json({"problems": problems}) + "\n"
        _shielded("run_end.json", lambda: write_atomically(note, document), [])
    _shielded("open.json", lambda: _marker(home).unlink(missing_ok=True), [])
    return run


def _record_end(home: Home, run: EndedRun) -> None:
    """The ledger entry of a run that began to compute days: rule ids or our own words, no data."""
    evidence = steps.evidence_folder(home, run.run_id)
    start = _document(evidence / "start.json")
    if start:
        failure = _document(evidence / "failure.json").get("what", "")
        what = run.release_id or "; ".join(run_facts(home, run).stops) or failure
        run_entries.ended(home, run.run_id, days_of_facts(start), run.status, what)


def _refresh(home: Home, run: EndedRun) -> None:
    """Tell readers, after the ledger knows the end of the run. A run of some assets only, or one
    that a person stopped, says nothing new about the last one that was to publish."""
    entries = Ledger(home.ledger).entries()
    if run.status == "partial" and (before := freshness.read(home)) is not None:
        run = replace(run, status=before.last_run_status, ended_at=before.last_run_ended_at)
    freshness.write(home, freshness.freshness(home, run, run_entries.unpublished(entries)))


def _tell(home: Home, run: EndedRun) -> None:
    if run.status == "partial":
        return
    facts = run_facts(home, run)
    if queue_for_run(home, facts, now=dt.datetime.now(dt.UTC)):
        send_within(home)


def run_facts(home: Home, run: EndedRun) -> RunFacts:
    """What a notice about this run tells: rule ids and counts, no text of a sender."""
    evidence = steps.evidence_folder(home, run.run_id)
    stops: list[str] = []
    warnings: list[str] = []
    for gate in ("gate1", "gate2"):
        for result in _document(evidence / f"{gate}.json").get("results", ()):
            told = f"{gate}.{result['suite']}.{result['rule_id']} ({result['failing_count']})"
            if result["outcome"] in ("failed", "error") and result["severity"] == "critical":
                stops.append(told)
            elif result["outcome"] in ("failed", "waived") and result["severity"] != "info":
                warnings.append(told)
    page = existing_page(home, run.run_id)
    return RunFacts(
        run_id=run.run_id,
        kind=_kind(run.status, has_warnings=bool(warnings)),
        from_day=run.from_day,
        to_day=run.to_day,
        readers_use=release.current_id(home),
        stops=stops,
        warnings=warnings,
        page=None if page is None else str(page.relative_to(home.root)),
    )


def _kind(status: str, *, has_warnings: bool) -> Kind:
    if status == "published":
        return "published_with_warnings" if has_warnings else "published"
    return "refused" if status == "refused" else "failed"


def ended_run(home: Home, run_id: str) -> EndedRun:
    """How the run ended, as its own evidence and the current release say.

    A run that published is the current release when it ends: it still holds the writer's lock.
    """
    evidence = steps.evidence_folder(home, run_id)
    start = _document(evidence / "start.json")
    published = None
    try:
        current = release.current(home)
        if current is not None and current.manifest["run_facts"]["run_id"] == run_id:
            published = current.release_id
    except WarehouseError:
        published = None  # a broken link to the release is doctor's business
    verdicts = [_document(evidence / f"{gate}.json") for gate in ("gate1", "gate2")]
    refused = any(verdict.get("passed") is False for verdict in verdicts)
    return EndedRun(
        run_id=run_id,
        status=_status(evidence, is_published=published is not None, is_refused=refused),
        from_day=start.get("from_day", ""),
        to_day=start.get("to_day", ""),
        release_id=published,
        ended_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )


def _status(evidence: Path, *, is_published: bool, is_refused: bool) -> str:
    """A run without a release, a refusal or a failure was asked for some assets only, or stopped by
    a person: nothing went wrong, and nobody is told."""
    if is_published:
        return "published"
    if is_refused:
        return "refused"
    return "failed" if (evidence / FAILURE_FILE).exists() else "partial"


def _marker(home: Home) -> Path:
    return home.runs / "open.json"


def _document(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _shielded(what: str, work: Callable[[], object], problems: list[str]) -> None:
    try:
        work()
    except _EXPECTED as error:
        told = str(error) if isinstance(error, OSError | WarehouseError) else type(error).__name__
        problems.append(f"{what}: {told}")
        sys.stderr.write(f"after the run: {what} could not be written: {told}\n")
