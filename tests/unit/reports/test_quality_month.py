"""The report of a month of gates and senders: counted by hand from rows and stored verdicts.

NOT claimed: verdicts (expectations/), the marts (dbt).
"""

import datetime as dt
from typing import Any

import pytest

from foundation.errors import UsageError
from foundation.run_index import EndedRun
from reports.impact.model import Chart
from reports.quality_month.build import build
from reports.quality_page.evidence import RunEvidence
from tests.unit.reports.marts import english, numbers, source_of
from tests.unit.reports.runs import failed, result, verdict

NOVEMBER = dt.date(2026, 11, 5)


def run(status: str, gate1: dict[str, Any] | None, gate2: dict[str, Any] | None) -> RunEvidence:
    ended = EndedRun("r", status, "2026-11-04", "2026-11-04", None, "2026-11-05T00:00:00+00:00")
    return RunEvidence(ended, {"gate1": gate1, "gate2": gate2}, None, None, None)


WAIVER = {"file": "one.toml", "reason": "đã hẹn gửi lại", "signed_by": "Lê Văn A"}
RUNS = [
    run("published", verdict("gate1", result(), failed("late")), verdict("gate2", result())),
    run("refused", verdict("gate1", failed("volume", "critical", failing_count=5)), None),
    run(
        "published",
        verdict("gate1", failed("late", failing_count=2), status="passed_with_warnings"),
        verdict("gate2", result("held", outcome="waived", waivers=[WAIVER], failing_count=9)),
    ),
]
ROWS = {
    "fct_delivery_outcomes": [
        ("A", "parcel_manifest", "s1", "accepted", None, NOVEMBER, 100, 10),
        ("A", "parcel_manifest", "s1", "duplicate", None, NOVEMBER, 100, 10),
        ("A", "customs_declaration", "s2", "refused", "no_header", NOVEMBER, 0, 0),
        ("B", "parcel_manifest", "s3", "accepted", None, dt.date(2026, 11, 30), 300, 0),
        ("B", "parcel_manifest", "s4", "accepted", None, dt.date(2026, 12, 1), 999, 99),
    ],
    "fct_quarantine_reasons": [
        ("parcel_manifest", "s1", "gross_weight_kg", "not_a_number", 10),
        ("parcel_manifest", "s4", "gross_weight_kg", "not_a_number", 99),
    ],
    "fct_record_conflicts": [
        ("parcel_manifest", "HW1", "between_senders", "precedence", NOVEMBER),
        ("parcel_manifest", "HW1", "between_senders", "precedence", NOVEMBER),
        ("parcel_manifest", "HW2", "same_version", "set_aside", dt.date(2026, 10, 31)),
    ],
    "fct_reconciliation": [
        ("parcel_manifest", NOVEMBER, 100, 1, 2, 3, 4, 90),
        ("parcel_manifest", dt.date(2026, 11, 6), 50, 1, 0, 0, 0, 49),
    ],
}


def test_a_month_of_gates() -> None:
    report = build(source_of(**ROWS), "estimate", RUNS)
    assert english(report, "runs")[:2] == [("Published", "2"), ("Refused by a gate", "1")]
    assert [row[1:] for row in english(report, "gates")] == [
        ("3", "1", "1", "1", "4"),
        ("2", "2", "0", "0", "2"),
    ]
    assert [(row[0], row[2], *row[3:]) for row in english(report, "rules")] == [
        ("1", "Rule volume", "1", "0", "0", "0", "5"),
        ("1", "Rule late", "0", "2", "0", "0", "3"),
        ("2", "Rule held", "0", "0", "1", "0", "9"),
    ]
    assert english(report, "waivers") == [("one.toml", "đã hẹn gửi lại", "Lê Văn A", "1")]


def test_a_month_of_senders_by_day_of_receipt() -> None:
    """10 of 100 rows of A, none of 300 of B; the duplicate file counts as a file, not its rows."""
    report = build(source_of(**ROWS), "estimate", RUNS)
    assert english(report, "senders_all") == [
        ("A", "3", "100", "10", "10.00"),
        ("B", "1", "300", "0", "0.00"),
    ]
    assert [(row[0], *row[2:]) for row in english(report, "senders")] == [
        ("A", "2", "0", "1", "100", "10", "10.00", "5 November 2026"),
        ("A", "1", "1", "0", "0", "0", "–", "5 November 2026"),
        ("B", "1", "0", "0", "300", "0", "0.00", "30 November 2026"),
    ]
    assert [row[2:] for row in english(report, "set_aside")] == [
        ("gross_weight_kg", "not_a_number", "1", "10")
    ]
    assert [(row[0], *row[2:]) for row in english(report, "refused")] == [("A", "no_header", "1")]
    assert [row[1:] for row in english(report, "conflicts")] == [
        ("Two senders", "The sender with precedence stands", "2", "1")
    ]
    assert [row[1:] for row in english(report, "reconciliation")] == [
        ("150", "2", "2", "3", "4", "139")
    ]
    values = {measure.name: measure.figure.value for measure in report.measures}
    assert values["rows_in"] == 400
    assert float(values["share_set_aside"]) == 2.5
    assert (values["files_refused"], values["runs_refused"]) == (1, 1)
    assert report.control.days_covered == 2
    assert numbers(report, "vi") == numbers(report, "en")


def test_nothing_is_drawn_where_nothing_was_set_aside() -> None:
    clean = {"fct_delivery_outcomes": ROWS["fct_delivery_outcomes"][3:4]}
    for rows, is_drawn in ((clean, False), (ROWS, True)):
        report = build(source_of(**rows), "estimate", RUNS)
        parts = [part for section in report.sections for part in section.parts]
        assert any(isinstance(part, Chart) for part in parts) is is_drawn


def test_a_month_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing was delivered in 2026-11"):
        build(source_of(), "estimate", [])
    assert build(source_of(), "estimate", RUNS).measures  # runs alone are a month, too
