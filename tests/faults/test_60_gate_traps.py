"""Row 60, a Great Expectations suite that is empty, sees 0 rows, or raises: "our gate demands
evaluated >= declared count, exceptions = fail, row-count rule first".

Great Expectations calls the first two a success; the last test shows that it still does.
"""

from pathlib import Path

import great_expectations as gx
import pytest

from expectations import engine
from expectations.gate import run_gate
from expectations.rules import RowsThatFail, Rule, Severity, Suite
from expectations.suites import gate1
from expectations.verdict import Verdict, require_passing
from foundation.errors import GateRefusal
from tests.unit.expectations.warehouses import SUBJECT, build_empty, build_good, judge, spoilt

PARCELS = "select * from raw.parcel_manifest"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_good(tmp_path_factory.mktemp("good") / "good.duckdb")


def suite(*rules: Rule) -> Suite:
    return Suite("parcels", PARCELS, rules)


def rule(sql: str, severity: Severity = "info", rule_id: str = "r") -> Rule:
    check = RowsThatFail(sql)
    return Rule(rule_id, "Tiêu đề", "Title", severity, "data_engineering", "Làm", "Do", check)


def refused(verdict: Verdict, folder: Path) -> None:
    """Whatever asks for this verdict later is refused too."""
    assert verdict.status == "failed"
    with pytest.raises(GateRefusal):
        require_passing(folder / "evidence" / "gate1.json", "gate1", SUBJECT)


@pytest.mark.parametrize("suites", [[], [suite()]], ids=["no suite", "empty suite"])
def test_nothing_declared_is_a_failure(suites: list[Suite], good: Path, tmp_path: Path) -> None:
    refused(judge("gate1", suites, good, tmp_path), tmp_path)


def test_a_good_suite_passes(good: Path, tmp_path: Path) -> None:
    """Negative control: the same gate with one rule that holds."""
    verdict = judge(
        "gate1", [suite(rule("select 1 from subject where day is null"))], good, tmp_path
    )
    assert (verdict.status, verdict.declared, verdict.evaluated) == ("passed", 1, 1)


@pytest.mark.parametrize("severity", ["info", "warning", "critical"])
def test_an_exception_fails_the_gate_whatever_its_severity(
    severity: Severity, good: Path, tmp_path: Path
) -> None:
    broken = suite(rule("select no_such_column from subject", severity))
    verdict = judge("gate1", [broken], good, tmp_path)
    assert [result.outcome for result in verdict.results] == ["error"]
    refused(verdict, tmp_path)


def test_0_rows_are_never_a_silent_success(good: Path, tmp_path: Path) -> None:
    """No rows at all: the run's own row-count rule fails; of a source: it says nothing to check."""
    verdict = judge(
        "gate1", gate1.suites(), spoilt(good, tmp_path, ["delete from raw.run_window"]), tmp_path
    )
    assert verdict.results[0].rule_id == "one_valid_window"
    assert verdict.results[0].outcome == "failed"
    refused(verdict, tmp_path)
    empty = build_empty(tmp_path / "empty.duckdb")
    verdict = judge("gate1", [gate1.suite_for("parcel_manifest")], empty, tmp_path)
    assert {result.outcome for result in verdict.results} == {"nothing_to_check"}


def test_fewer_evaluated_than_declared_is_a_failure(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Great Expectations answers one rule less than it was asked."""
    asked = engine.ReadOnlyWarehouse.evaluate

    def forgetful(self: engine.ReadOnlyWarehouse, suite: Suite) -> dict[str, engine.Evaluation]:
        answers = asked(self, suite)
        del answers["second"]
        return answers

    monkeypatch.setattr(engine.ReadOnlyWarehouse, "evaluate", forgetful)
    holds = "select 1 from subject where day is null"
    two = suite(rule(holds), rule(holds, rule_id="second"))
    verdict = judge("gate1", [two], good, tmp_path)
    assert (verdict.declared, verdict.evaluated) == (2, 1)
    refused(verdict, tmp_path)


def test_a_wrong_count_of_great_expectations_is_an_error(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reports 7 failing rows where our own SQL counts 840."""
    wrong = engine.Evaluation(success=False, unexpected_count=7, error=None)
    monkeypatch.setattr(engine.ReadOnlyWarehouse, "evaluate", lambda self, suite: {"r": wrong})
    verdict = judge("gate1", [suite(rule("select day from subject"))], good, tmp_path)
    assert verdict.results[0].outcome == "error"
    refused(verdict, tmp_path)


def test_an_unreadable_database_fails_and_leaves_no_old_verdict(good: Path, tmp_path: Path) -> None:
    holds = [suite(rule("select 1 from subject where day is null"))]
    assert judge("gate1", holds, good, tmp_path).passed
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"not a database" * 1000)
    verdict = run_gate(
        "gate1", holds, database=damaged, subject_hash=SUBJECT, evidence=tmp_path / "evidence"
    )
    assert verdict.problems
    refused(verdict, tmp_path)


def test_great_expectations_itself_calls_an_empty_suite_a_success(good: Path) -> None:
    """Why the rules above are needed; when this fails, GX changed and they may be simplified."""
    with engine.open_read_only(good) as warehouse:
        source = warehouse._datasource
        asset = source.add_query_asset("parcels", query=PARCELS)
        batch = asset.add_batch_definition_whole_table("parcels").get_batch()
        assert batch.validate(gx.ExpectationSuite(name="empty", expectations=[])).success
