"""What section 6 says of imports beside the year before.

NOT claimed: what the mart computes (tests/golden/test_import_increases.py).
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from reports.impact.sections import increases
from reports.impact.source import Source
from tests.unit.reports.impact.hand_made_release import BILLION, insert, release, told

QUARTER, NEXT = dt.date(2026, 1, 1), dt.date(2026, 4, 1)


@pytest.fixture
def source() -> Iterator[Source]:
    with release() as opened:
        yield opened


def row(
    code: str, increase: int | None, *, kinds: tuple[bool, bool] = (False, False),
    period: tuple[str, dt.date] = ("quarter", QUARTER), reason: str | None = None,
) -> tuple[object, ...]:  # fmt: skip
    """Imports of ten billion a year before and `increase` billions more; output 20 billion."""
    of_output = None if increase is None or reason else Decimal(increase * 5)
    return (
        *period, code, None if increase is None else (10 + increase) * BILLION, 10 * BILLION,
        None if increase is None else increase * BILLION,
        None if increase is None else Decimal(increase * 10), Decimal("2.5"), kinds[0],
        None if of_output is None else of_output + 50, of_output, Decimal("0.5"), kinds[1],
        None if increase is None else Decimal("1.239"), "SYN", reason,
    )  # fmt: skip


def test_the_latest_period_that_is_over_and_compared_begins_with_what_rose(source: Source) -> None:
    """April is told: the first quarter is over, the second and the year are not."""
    insert(
        source, "fct_import_increases",
        row("all", -1), row("62", 4), row("61", 3, kinds=(True, True)),
        row("63", 2, kinds=(True, False), reason="no_production"), row("64", None),
        row("61", 9, period=("quarter", NEXT)), row("61", 9, period=("year", QUARTER)),
        row("61", 8, period=("quarter", dt.date(2025, 10, 1))),
        row("61", 1, period=("year", dt.date(2025, 1, 1)), kinds=(False, True)),
    )  # fmt: skip
    table = increases.table(source)
    assert told(table) == [
        ["2026-Q1", "Total", "9.0", "-10.0", "1.24", "45.0", "-5.00", "", "SYN"],
        ["2026-Q1", "Shirts", "13.0", "30.0", "1.24", "65.0", "15.00",
         "Absolute, relative", "SYN"],
        ["2026-Q1", "63", "12.0", "20.0", "1.24", None, None, "Absolute", "SYN"],
        ["2026-Q1", "62", "14.0", "40.0", "1.24", "70.0", "20.00", "", "SYN"],
        ["2025", "Shirts", "11.0", "10.0", "1.24", "55.0", "5.00", "Relative", "SYN"],
    ]  # fmt: skip
    assert [note.values.get("period") for note in table.notes] == ["2026-Q1", "2025", None, None]
    assert "Nothing is made at home" in table.notes[2].words.en
    assert "no finding of a safeguard investigation" in table.notes[3].words.en


def test_nine_goods_of_a_period_are_told(source: Source) -> None:
    rows = [row(f"{number}", 90 - number) for number in range(10, 25)]
    insert(source, "fct_import_increases", *rows)
    assert [cells[1] for cells in increases.table(source).rows] == [str(n) for n in range(10, 19)]


def test_without_a_year_before_the_table_says_so(source: Source) -> None:
    insert(source, "fct_import_increases", row("61", None, reason="earlier_period_missing"))
    table = increases.table(source)
    assert (table.rows, table.notes) == ((), ())
    assert table.missing is not None
