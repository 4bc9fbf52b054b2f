"""What sections 8 and 10 say of burdens, exposed industries and mirror gaps.

NOT claimed: what the marts compute (dbt unit tests).
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from reports.impact.model import Sentence
from reports.impact.sections import mirror, winners
from reports.impact.source import Source
from tests.unit.reports.impact.hand_made_release import BILLION, MONTH, insert, release, told


@pytest.fixture
def source() -> Iterator[Source]:
    with release() as opened:
        yield opened


def test_what_was_paid_less_by_quintile(source: Source) -> None:
    half, tenth = BILLION // 2, BILLION // 10
    rows = (
        (MONTH, "q1", BILLION, half, Decimal("50"), half + tenth, tenth, Decimal("16.6667"),
         2 * tenth, Decimal("50")),
        (MONTH, "unknown", 0, half, None, half + tenth, tenth, Decimal("16.6667"), 2 * tenth,
         Decimal("50")),
    )  # fmt: skip
    insert(source, "fct_consumer_savings_monthly", *rows)
    assert told(winners.section(source).tables[0]) == [
        ["1, lowest incomes", "1.0", "50.0", "0.50", "0.60", "0.10", "16.7", "50.0"],
        ["Unknown", "0.0", None, "0.50", "0.60", "0.10", "16.7", "50.0"],
    ]


def test_a_month_in_which_nothing_was_compared_says_so(source: Source) -> None:
    insert(
        source, "fct_consumer_savings_monthly",
        (MONTH, "q1", BILLION, 0, Decimal(0), 0, 0, None, 0, None),
    )  # fmt: skip
    table = winners.section(source).tables[0]
    assert table.rows == ()
    assert table.missing is not None
    assert "Nothing of the month" in table.missing.en


def test_the_burden_by_quintile_and_its_year(source: Source) -> None:
    year, nothing = dt.date(2025, 1, 1), (None,) * 3
    rows = (
        (MONTH, "q1", 7, 4, BILLION, Decimal("40"), BILLION // 4, Decimal("25"), 0, Decimal("0"),
         Decimal("0.1234"), year),
        (MONTH, "unknown", None, 1, 0, Decimal("0"), 0, None, 0, *nothing),
    )  # fmt: skip
    insert(source, "fct_tax_burden_monthly", *rows)
    table = winners.section(source).tables[1]
    assert told(table) == [
        ["1, lowest incomes", "7", "4", "1.0", "40.0", "0.25", "25.0", "0.00", "0.0", "0.123"],
        ["Unknown", None, "1", "0.0", "0.0", "0.00", None, "0.00", None, None],
    ]
    assert [note.values for note in table.notes] == [{"year": "2025"}]


def test_industries_are_told_in_bands_of_the_last_year_that_is_over(source: Source) -> None:
    """No percentage and no rank: a band. The year of the month itself is not over."""
    last, this = dt.date(2025, 1, 1), dt.date(2026, 1, 1)
    rows = (
        (last, "C14", BILLION, Decimal("1"), 2, 3, 3),
        (last, "C27", BILLION, Decimal("2"), 1, 1, 3),
        (last, "C10", BILLION, None, None, None, 3),
        (this, "C14", BILLION, Decimal("9"), 1, 1, 3),
    )
    insert(source, "fct_industry_exposure_yearly", *rows)
    table = winners.section(source).tables[2]
    assert told(table) == [["Electrical", "C27", "1.0", "1"], ["Apparel", "C14", "1.0", "3"]]
    assert table.notes[0].values["year"] == "2025"


def test_mirror_gaps_begin_with_the_widest_and_print_their_caveat(source: Source) -> None:
    last = dt.date(2025, 1, 1)
    rows = (
        (last, "CN", "61", Decimal(6), Decimal("0.1"), "SYN"),
        (last, "KR", "99", Decimal(6), Decimal("-0.25"), "S"),
        (last, "KR", "61", Decimal(6), None, "S"),
        (dt.date(2026, 1, 1), "KR", "61", Decimal(6), Decimal("3"), "S"),
    )
    insert(source, "fct_mirror_gap_yearly", *rows)
    table = mirror.table(source)
    assert told(table) == [["KR", "99", "-0.250", "S"], ["CN", "Shirts", "0.100", "SYN"]]
    [caveat] = table.notes
    assert "smoke, no smoking gun; it never points to a shipment" in caveat.words.en
    assert "chỉ là khói" in caveat.words.vi


def test_tables_without_rows_say_why_and_promise_no_figure(source: Source) -> None:
    section = winners.section(source)
    empty = [*section.tables, mirror.table(source)]
    assert [(table.rows, table.notes) for table in empty] == [((), ())] * 4
    assert all(table.missing for table in empty)
    [saving] = [part for part in section.parts if isinstance(part, Sentence)]
    assert "is not here" in saving.words.en


def test_both_languages_name_the_same_numbers(source: Source) -> None:
    """Of the words themselves; figures stand once for both."""
    tables = (*winners.section(source).tables, mirror.table(source))
    words = [table.title for table in tables] + [c.label for t in tables for c in t.columns]
    words += [winners._NOT_HERE, winners._BURDEN_NOTE, winners._EXPOSURE_NOTE, mirror._CAVEAT]
    words += winners._QUINTILES.values()
    apart = [w for w in words if set(re.findall(r"\d+", w.vi)) != set(re.findall(r"\d+", w.en))]
    assert apart == []
    places = [
        w for w in words if set(re.findall(r"{\w+}", w.vi)) != set(re.findall(r"{\w+}", w.en))
    ]
    assert places == []
