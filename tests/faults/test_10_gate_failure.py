"""Row 10: "gate fails: last good stays; the verdict is stored with the build hash."
Row 11: "publish started alone after a failed gate: refused."

Dagster lets a publication start alone; it is our publishing that reads the durable verdict. The
steps of a run work here on the small working database of tests/unit/serving. Notices: row 12.
"""

import datetime as dt
import json
from pathlib import Path

import pytest

from dagster_project.runner import RunResult
from expectations.verdict import RuleResult, Verdict, load_verdict, store_verdict
from foundation.errors import ExitCode, GateRefusal, WarehouseError
from foundation.files import canonical_json, write_atomically
from foundation.home import Home
from ledger.chain import Ledger
from runs import dbt_project, steps
from runs.days.day_set import Days
from runs.settings import Settings
from serving.candidate import measure_work
from serving.content import CONTENT_FILE, Content
from serving.current import require_current
from tests.support.frozen_home import settings_of
from tests.unit.serving.fake_work import DAY, NEXT_DAY, PLAN, make_work, publish_work

RUN, INPUTS = "run-7", "1" * 64


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a release, another content in the working database, and a run that has begun."""
    home = Home(tmp_path / "home")
    base = publish_work(home)
    make_work(home, ["update risk.fct_selections set lane = 'yellow'"])
    monkeypatch.setattr(dbt_project, "release_plan", lambda _: PLAN)
    monkeypatch.setattr(steps, "remember_days", lambda _: None)  # profiles need all marts
    start = steps.RunStart(RUN, Days.between(DAY, NEXT_DAY), base, (), INPUTS, "c", "s", "l", {})
    write_atomically(home.runs / RUN / "start.json", canonical_json(start.facts()))
    made = settings_of(home)
    write_atomically(home.runs / RUN / CONTENT_FILE, measured(made).to_json())
    return made


def measured(settings: Settings) -> Content:
    base = require_current(settings.home)
    spill = settings.home.work / "spill"
    return measure_work(settings.warehouse, PLAN, (DAY, NEXT_DAY), base, spill)


def marts_hash(settings: Settings) -> str:
    return measured(settings).hashes.combined


def verdict(settings: Settings, gate: str, subject: str, *, passed: bool) -> None:
    outcome = "passed" if passed else "failed"
    rule = RuleResult("s", "r", "critical", outcome, "", 1, 0, (), "", "", "", "", "")
    store_verdict(Verdict(gate, subject, "gx", 1, (rule,)), settings.home.runs / RUN)


def pointer(home: Home) -> tuple[str, int]:
    return require_current(home).release_id, (home.releases / "current").lstat().st_mtime_ns


def test_a_failed_gate_leaves_the_last_good_release_and_its_verdict(settings: Settings) -> None:
    before = pointer(settings.home)
    # Gate 2 meets a database in which most marts are missing: it cannot pass.
    found = steps.check_marts(settings, RUN)
    assert not found.passed
    assert found.subject_hash == marts_hash(settings)
    assert load_verdict(settings.home.runs / RUN / "gate2.json") == found
    entry = Ledger(settings.home.ledger).entries()[-1]
    assert (entry.kind, entry.body["passed"]) == ("verdict", False)
    assert entry.body["subject_hash"] == found.subject_hash
    verdict(settings, "gate1", INPUTS, passed=True)
    with pytest.raises(GateRefusal) as refusal:
        steps.publish(settings, RUN)
    assert refusal.value.exit_code == ExitCode.REFUSED_BY_GATE == 3
    assert pointer(settings.home) == before
    day = dt.date(2026, 11, 21)
    assert RunResult(RUN, Days([day]), "refused", None, (), None).exit_code == 3


@pytest.mark.parametrize(
    ("gate1", "gate2", "subject", "publishes"),
    [
        (True, True, None, True),  # negative control: with both verdicts it is published
        (True, False, None, False),
        (False, True, None, False),
        (True, None, None, False),  # no verdict at all
        (None, True, None, False),
        (True, True, "2" * 64, False),  # a verdict of other content
    ],
)
def test_publishing_alone_reads_the_verdicts(
    settings: Settings, gate1: bool | None, gate2: bool | None, subject: str | None, publishes: bool
) -> None:
    before = pointer(settings.home)
    content = marts_hash(settings)
    if gate1 is not None:
        verdict(settings, "gate1", INPUTS, passed=gate1)
    if gate2 is not None:
        verdict(settings, "gate2", subject or content, passed=gate2)
    if publishes:
        released = steps.publish(settings, RUN)
        manifest = require_current(settings.home).manifest
        assert manifest["release_id"] == released != before[0]
        assert manifest["run_facts"]["marts_hash"] == content
        return
    with pytest.raises(GateRefusal):
        steps.publish(settings, RUN)
    assert pointer(settings.home) == before
    assert not list(settings.home.releases.glob("*.tmp"))


def test_content_changed_after_the_verdict_is_refused(settings: Settings) -> None:
    verdict(settings, "gate1", INPUTS, passed=True)
    verdict(settings, "gate2", marts_hash(settings), passed=True)
    before = pointer(settings.home)
    make_work(settings.home, ["update risk.fct_selections set lane = 'green'"])
    with pytest.raises(WarehouseError, match="other content than was judged"):
        steps.publish(settings, RUN)
    assert pointer(settings.home) == before


def test_a_verdict_made_passing_by_hand_is_refused(settings: Settings) -> None:
    verdict(settings, "gate1", INPUTS, passed=True)
    verdict(settings, "gate2", marts_hash(settings), passed=False)
    path = settings.home.runs / RUN / "gate2.json"
    document = json.loads(path.read_text())
    document["results"][0]["outcome"] = "passed"
    document |= {"passed": True, "status": "passed"}
    path.write_text(canonical_json(document))
    with pytest.raises(GateRefusal, match="altered"):
        steps.publish(settings, RUN)
