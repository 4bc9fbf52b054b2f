"""The report for Committee 389: what it shows of the mart, by hand; what has no source is said.

NOT claimed: the counts (unit test of fct_violations_monthly).
"""

import datetime as dt
from decimal import Decimal

import pytest

from foundation.errors import UsageError
from reports.committee_389.build import build
from reports.impact.model import Sentence
from reports.impact.source import Source
from reports.impact.spoken import speak
from tests.unit.reports.marts import MONTH, english, numbers, source_of

OCTOBER = dt.date(2026, 10, 1)


def cell(
    month: dt.date, office: str, kind: str, violating: int, *, inspected: int | None = None
) -> tuple[object, ...]:
    pending = None if inspected is None else 4
    return (month, office, kind, inspected, pending, violating, 1, 0, Decimal(2_500_000))


@pytest.fixture
def source() -> Source:
    return source_of(
        fct_violations_monthly=[
            cell(MONTH, "all", "all", 7, inspected=30),
            cell(MONTH, "all", "origin", 3),
            cell(MONTH, "all", "splitting", 5),
            cell(MONTH, "01B1", "all", 6, inspected=20),
            cell(MONTH, "01B1", "splitting", 5),
            cell(MONTH, "unknown", "all", 1, inspected=10),
            cell(MONTH, "unknown", "origin", 1),
            cell(OCTOBER, "all", "all", 2, inspected=9),
            cell(OCTOBER, "all", "origin", 2),
            cell(dt.date(2026, 12, 1), "all", "all", 99, inspected=99),
        ],
        fct_inspection_outcomes=[
            (dt.date(2026, 11, 3), dt.date(2026, 12, 1)),
            (dt.date(2026, 11, 3), None),
            (None, dt.date(2026, 11, 28)),
        ],
        dim_office=[("01B1", "Nội Bài", "Noi Bai")],
    )


def test_violations_by_kind_month_and_unit(source: Source) -> None:
    report = build(source, "estimate")
    assert english(report, "violations_kind") == [
        ("Splitting", "5", "–", "1", "0", "2.5"),
        ("Origin", "3", "2", "1", "0", "2.5"),
    ]
    assert english(report, "violations_month") == [
        ("2026-11", "30", "7", "1", "0", "4", "2.5"),
        ("2026-10", "9", "2", "1", "0", "4", "2.5"),
    ]
    assert english(report, "violations_unit") == [
        ("Noi Bai", "20", "6", "1", "0", "4", "2.5"),
        ("Unknown", "10", "1", "1", "0", "4", "2.5"),
    ]
    assert english(report, "violations_unit_kind") == [
        ("Noi Bai", "Splitting", "5", "1"),
        ("Unknown", "Origin", "1", "1"),
    ]
    assert (report.control.data_to, report.control.days_covered) == (dt.date(2026, 11, 28), 2)
    assert [measure.name for measure in report.measures] == ["violating", "inspected", "critical"]
    assert numbers(report, "vi") == numbers(report, "en")


def test_it_says_what_has_no_source_yet_and_that_a_finding_is_no_decision(source: Source) -> None:
    sections = {section.number: section for section in build(source, "estimate").sections}
    missing = " ".join(part.words.en for part in sections[4].parts if isinstance(part, Sentence))
    assert "Cases" in missing
    assert "Tips" in missing
    note = sections[1].parts[0]
    assert isinstance(note, Sentence)
    assert "not yet a decision" in note.words.en
    told = speak(build(source, "estimate"), "en")
    assert "Confidence" not in {label for label, _ in told["control"]}
    assert "389" in told["title"]


def test_a_month_without_inspections_and_an_older_release_are_refused(source: Source) -> None:
    with pytest.raises(UsageError, match="holds no inspection of 2026-11"):
        build(source_of(fct_inspection_outcomes=[(dt.date(2026, 10, 1), None)]), "estimate")
    source.connection.execute("drop table risk.fct_violations_monthly")
    with pytest.raises(UsageError, match="before violations were counted"):
        build(source, "estimate")
