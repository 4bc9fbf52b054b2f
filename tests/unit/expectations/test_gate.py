"""The gate itself: what may pass, what is stored, what is shown (fault rows 10, 11, 60)."""

import hashlib
import json
import logging
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations.gate import load_verdict, masked, require_passing, run_gate
from expectations.rules import Check, NotNull, RowsThatFail, Rule, Severity, Suite
from expectations.suites import gate1
from foundation.errors import ExitCode, GateRefusal, UsageError
from foundation.files import canonical_json, sha256_file
from foundation.gate_results import GATE_RESULT_COLUMNS
from tests.unit.expectations.warehouses import SUBJECT, TOKEN, judge, spoilt

pytestmark = pytest.mark.slow

PARCELS = "select * from raw.parcel_manifest"
FAILS = RowsThatFail("select day from subject where day = '2026-11-04'")
PASSES = RowsThatFail("select day from subject where day is null")
BREAKS = RowsThatFail("select no_such_column from subject")


def rule(check: Check, severity: Severity = "critical", rule_id: str = "r") -> Rule:
    return Rule(rule_id, "Tiêu đề", "Title", severity, "data_engineering", "Làm", "Do", check)


def suite(*rules: Rule, query: str = PARCELS) -> Suite:
    return Suite("s", query, rules)


def stored(tmp_path: Path) -> Path:
    return tmp_path / "evidence" / "gate1.json"


@pytest.mark.parametrize(
    ("severity", "status"),
    [("critical", "failed"), ("warning", "passed_with_warnings"), ("info", "passed")],
)
def test_severity_is_ours_to_map(
    severity: Severity, status: str, good: Path, tmp_path: Path
) -> None:
    verdict = judge("gate1", [suite(rule(FAILS, severity))], good, tmp_path)
    assert (verdict.status, verdict.results[0].outcome) == (status, "failed")
    assert (verdict.results[0].failing_count, verdict.results[0].observed) == (120, "120 / 840")
    assert len(verdict.results[0].examples) == 20


@pytest.mark.parametrize("suites", [[], [suite()], [suite(rule(PASSES)), Suite("t", PARCELS, ())]])
def test_an_empty_suite_is_refused(suites: list[Suite], good: Path, tmp_path: Path) -> None:
    verdict = judge("gate1", suites, good, tmp_path)
    assert verdict.status == "failed"
    with pytest.raises(GateRefusal):
        require_passing(stored(tmp_path), "gate1", SUBJECT)


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_an_exception_in_a_rule_fails_the_gate_whatever_its_severity(
    severity: Severity, good: Path, tmp_path: Path
) -> None:
    rules = (rule(PASSES, rule_id="good"), rule(BREAKS, severity, "broken"))
    verdict = judge("gate1", [suite(*rules)], good, tmp_path)
    assert (verdict.status, verdict.evaluated, verdict.declared) == ("failed", 1, 2)
    assert {r.rule_id: r.outcome for r in verdict.results} == {"good": "passed", "broken": "error"}
    assert "no_such_column" in verdict.results[1].observed
    with pytest.raises(GateRefusal, match="evaluated 1 of 2"):
        require_passing(stored(tmp_path), "gate1", SUBJECT)


@pytest.mark.parametrize(
    "broken",
    [
        suite(rule(PASSES), query="select * from raw.no_such_table"),
        suite(rule(NotNull("no_such_column", ("day",)))),
        suite(
            Rule(
                "r",
                "v",
                "e",
                "info",
                "data_engineering",
                "v",
                "e",
                PASSES,
                examined_sql="select count(*) from raw.no_such_table",
            )
        ),
        suite(
            Rule(
                "r",
                "v",
                "e",
                "info",
                "data_engineering",
                "v",
                "e",
                PASSES,
                measure_sql="select no_such_column from subject",
            )
        ),
    ],
)
def test_what_cannot_be_read_is_an_error(broken: Suite, good: Path, tmp_path: Path) -> None:
    verdict = judge("gate1", [broken], good, tmp_path)
    assert verdict.results[0].outcome == "error"
    assert (verdict.evaluated, verdict.status) == (0, "failed")


def test_a_file_that_is_no_database_fails(tmp_path: Path) -> None:
    bad = tmp_path / "bad.duckdb"
    bad.write_bytes(b"not a database" * 1000)
    verdict = judge("gate1", [suite(rule(PASSES))], bad, tmp_path)
    assert verdict.status == "failed"
    assert "cannot be opened" in verdict.problems[0]


def test_two_suites_of_one_name_fail(good: Path, tmp_path: Path) -> None:
    verdict = judge("gate1", [suite(rule(PASSES)), suite(rule(PASSES))], good, tmp_path)
    assert verdict.status == "failed"


def test_one_rule_twice_is_an_error_of_the_author() -> None:
    with pytest.raises(ValueError, match="twice"):
        suite(rule(PASSES), rule(FAILS))


def test_nothing_to_judge_removes_the_earlier_verdict(good: Path, tmp_path: Path) -> None:
    judge("gate1", [suite(rule(PASSES))], good, tmp_path)
    assert require_passing(stored(tmp_path), "gate1", SUBJECT).passed
    with pytest.raises(UsageError):
        judge("gate1", [suite(rule(PASSES))], tmp_path / "missing.duckdb", tmp_path)
    with pytest.raises(GateRefusal, match="no verdict"):
        require_passing(stored(tmp_path), "gate1", SUBJECT)
    with pytest.raises(UsageError, match="hash"):
        run_gate("gate1", [], database=good, subject_hash="", evidence=tmp_path)


def test_a_verdict_counts_for_its_own_gate_and_content_only(good: Path, tmp_path: Path) -> None:
    judge("gate1", [suite(rule(PASSES))], good, tmp_path)
    path = stored(tmp_path)
    assert require_passing(path, "gate1", SUBJECT).passed
    with pytest.raises(GateRefusal, match="other content") as refused:
        require_passing(path, "gate1", "6" * 64)
    assert refused.value.exit_code is ExitCode.REFUSED_BY_GATE
    with pytest.raises(GateRefusal, match="not of gate2"):
        require_passing(path, "gate2", SUBJECT)
    with pytest.raises(GateRefusal, match="no verdict"):
        require_passing(tmp_path / "gate2.json", "gate2", SUBJECT)


def test_a_failed_verdict_is_refused_by_name(good: Path, tmp_path: Path) -> None:
    judge("gate1", [suite(rule(FAILS))], good, tmp_path)
    with pytest.raises(GateRefusal, match=r"gate1 failed: s\.r"):
        require_passing(stored(tmp_path), "gate1", SUBJECT)


def test_what_stops_is_told_with_the_sources_and_senders_it_names(
    good: Path, tmp_path: Path
) -> None:
    named = "select 'parcel_manifest' as source, 'acme' as sender, day from subject"
    verdict = judge("gate1", [suite(rule(FAILS), rule(RowsThatFail(named), rule_id="n"))], good,
                    tmp_path)  # fmt: skip
    assert [result.told for result in verdict.results] == [
        "s.r: Title (observed 120 / 840)",
        "s.n: Title (observed 840 / 840; source: parcel_manifest; sender: acme)",
    ]


def test_an_altered_verdict_is_refused(good: Path, tmp_path: Path) -> None:
    judge("gate1", [suite(rule(FAILS))], good, tmp_path)
    path = stored(tmp_path)
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ('"passed":false', '"passed":true'),
        ('"failing_count":120', '"failing_count":0'),
        ('"severity":"critical"', '"severity":"warning"'),
    ):
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(GateRefusal, match="altered"):
            load_verdict(path)
    path.write_text(text[:-20], encoding="utf-8")
    with pytest.raises(GateRefusal, match="cannot be read"):
        load_verdict(path)


def test_a_rehashed_verdict_that_contradicts_itself_is_refused(good: Path, tmp_path: Path) -> None:
    judge("gate1", [suite(rule(FAILS))], good, tmp_path)
    document = json.loads(stored(tmp_path).read_text(encoding="utf-8"))
    del document["verdict_sha256"]
    document |= {"passed": True, "status": "passed"}
    digest = hashlib.sha256(canonical_json(document).encode()).hexdigest()
    stored(tmp_path).write_text(
        canonical_json(document | {"verdict_sha256": digest}), encoding="utf-8"
    )
    with pytest.raises(GateRefusal, match="altered"):
        require_passing(stored(tmp_path), "gate1", SUBJECT)


def test_the_stored_verdict_is_what_was_returned_and_repeats_byte_for_byte(
    good: Path, tmp_path: Path
) -> None:
    suites = [suite(rule(FAILS, "warning"))]
    verdict = judge("gate1", suites, good, tmp_path)
    first = stored(tmp_path).read_bytes()
    assert load_verdict(stored(tmp_path)) == verdict
    judge("gate1", suites, good, tmp_path)
    assert stored(tmp_path).read_bytes() == first
    assert json.loads(first)["gx_version"] == "1.24.1"


def test_rows_fit_the_results_table(good: Path, tmp_path: Path) -> None:
    verdict = judge("gate1", [suite(rule(FAILS, "warning"))], good, tmp_path)
    (row,) = verdict.rows()
    assert list(row) == [name for name, _ in GATE_RESULT_COLUMNS]
    assert len(json.loads(row["examples_json"])) == 20
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in GATE_RESULT_COLUMNS)
        connection.execute(f"create table results ({columns})")
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into results values ({marks})", list(row.values()))


def test_examples_show_no_token_and_no_personal_value(good: Path, tmp_path: Path) -> None:
    database = spoilt(
        good,
        tmp_path,
        [
            f"update raw.parcel_manifest set _extra = 'Nguyen {TOKEN}', "
            f"operator_code = 'note {TOKEN}' where _src_line = 1"
        ],
    )
    leaky = RowsThatFail(
        "select consignee_name_token, consignee_name_token as consignee_party_id, "
        "'Nguyen Van A' as consignee_name, 'Bo' as importer_name, _extra, operator_code, "
        "_src_sha from subject where _src_line = 1"
    )
    verdict = judge("gate1", [suite(rule(leaky))], database, tmp_path)
    text = stored(tmp_path).read_text(encoding="utf-8")
    assert TOKEN not in text
    assert TOKEN.split(":")[1] not in text
    assert "Nguyen" not in text.replace("Nguyen…", "")
    assert "Van A" not in text
    shown = verdict.results[0].examples[0]
    assert shown["consignee_name_token"] == "k1:aba…"
    assert shown["importer_name"] == "B…"
    assert shown["_src_sha"].startswith("parcel_manifest-")
    assert masked("file_name", "x" * 500) == "x" * 120 + "…"


def test_the_gate_does_not_change_the_file(good: Path, tmp_path: Path) -> None:
    before = (sha256_file(good), good.stat().st_mtime_ns, sorted(good.parent.iterdir()))
    judge("gate1", [suite(rule(FAILS)), gate1.run_suite()], good, tmp_path)
    assert (sha256_file(good), good.stat().st_mtime_ns, sorted(good.parent.iterdir())) == before


def test_the_gate_prints_nothing(
    good: Path,
    tmp_path: Path,
    project: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In a fresh process, where GX is imported by the gate and no test runner filters output."""
    with caplog.at_level(logging.INFO):
        judge("gate1", [suite(rule(FAILS), rule(BREAKS, rule_id="broken"))], good, tmp_path)
    assert capfd.readouterr() == ("", "")
    script = (
        "from pathlib import Path; from expectations.gate import run_gate; "
        "from expectations.suites import gate1; "
        f"run_gate('gate1', gate1.suites(), database=Path({str(good)!r}), subject_hash='x', "
        f"evidence=Path({str(tmp_path)!r}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=project
    )
    assert (ran.stdout, ran.stderr) == ("", "")


def test_great_expectations_is_imported_by_a_running_gate_only(project: Path) -> None:
    script = (
        "import sys; import expectations.gate, expectations.suites.gate1, "
        "expectations.suites.gate2; print('great_expectations' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=project
    )
    assert ran.stdout == "False\n"
