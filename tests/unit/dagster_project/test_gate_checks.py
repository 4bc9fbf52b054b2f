"""Asset checks say what the quality page says, per partition, and never more.

Not claimed: how the Dagster UI looks.
"""

import dagster as dg
import pytest

from dagster_project.defs.gates import checks
from expectations.rules import NotNull, Rule, Suite
from expectations.verdict import RuleResult

SUITE = Suite(
    "parcel_manifest",
    "select 1",
    (Rule("r", "Tiêu đề", "Title", "critical", "data_engineering", "Làm", "Do", NotNull("a", ())),),
)


def answer(rule_id: str, outcome: str, severity: str = "warning", **changes: object) -> RuleResult:
    stated: dict[str, object] = {
        "suite": "parcel_manifest", "rule_id": rule_id, "severity": severity, "outcome": outcome,
        "observed": "3 / 840", "examined_count": 840, "failing_count": 0, "examples": (),
        "title_vi": "Mong đợi", "title_en": "Expected", "owner": "ingest_operations",
        "what_to_do_vi": "Hỏi bên gửi", "what_to_do_en": "Ask",
    }  # fmt: skip
    return RuleResult(**{**stated, **changes})  # type: ignore[arg-type]


def records(metadata: object) -> list[dict[str, object]]:
    assert isinstance(metadata, dg.TableMetadataValue)
    return [dict(record.data) for record in metadata.records]


def test_every_rule_is_shown_and_failing_ones_come_first() -> None:
    bad = answer(
        "b", "failed", "critical", failing_count=3, examples=({"day": "2026-11-04", "rows": 0},)
    )
    shown = checks._result("gate1", SUITE, [answer("a", "passed"), bad])
    assert (shown.passed, shown.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert shown.metadata is not None
    first, second = records(shown.metadata["rules"])
    assert (first["mã"], second["mã"]) == ("b", "a")
    assert first["kết quả"] == "failed (critical)"
    assert first["phát hiện"] == 3
    assert first["mong đợi"] == "Mong đợi"
    assert first["cần làm"] == "Hỏi bên gửi | Ask"
    assert first["phụ trách"] == "Bộ phận tiếp nhận dữ liệu"
    assert second["cần làm"] == ""
    assert records(shown.metadata["ví dụ b"]) == [{"day": "2026-11-04", "rows": "0"}]


@pytest.mark.parametrize(
    ("outcome", "severity", "passed", "shown_as"),
    [
        ("failed", "warning", False, "WARN"),
        ("waived", "critical", False, "WARN"),
        ("error", "critical", False, "ERROR"),
        ("nothing_to_check", "critical", True, "WARN"),
    ],
)
def test_only_what_stops_publishing_is_an_error(
    outcome: str, severity: str, passed: bool, shown_as: str
) -> None:
    shown = checks._result("gate1", SUITE, [answer("a", outcome, severity)])
    assert (shown.passed, shown.severity.name) == (passed, shown_as)


def test_a_figure_is_a_number_that_the_ui_can_draw() -> None:
    measured = {"value": 97, "unit_vi": "%", "unit_en": "%", "low": 60, "high": 200}
    shown = checks._result("gate1", SUITE, [answer("volume_usual", "passed", measured=measured)])
    assert shown.metadata is not None
    assert shown.metadata["volume_usual"] == dg.IntMetadataValue(97)


def test_hostile_text_is_a_table_cell_with_nothing_to_steer() -> None:
    bad = answer("b", "failed", examples=({"file_name": "<img onerror=x>\u202etxt"},))
    shown = checks._result("gate1", SUITE, [bad])
    assert shown.metadata is not None
    assert records(shown.metadata["ví dụ b"]) == [{"file_name": "<img onerror=x>\\u202etxt"}]
