"""What section 6 says of warnings beside later official actions.

NOT claimed: what the mart computes (tests/golden/test_surge_backtest.py).
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from reports.impact.model import Figure, Sentence
from reports.impact.sections import backtest
from reports.impact.source import Source
from tests.unit.reports.impact.hand_made_release import insert, release, told

LAST = dt.date(2025, 4, 1)  # twelve months before the month that is told
NOTHING = (None,) * 9


@pytest.fixture
def source() -> Iterator[Source]:
    with release() as opened:
        yield opened


def figures(sentence: Sentence) -> dict[str, str]:
    return {
        name: f"{value.value:.{value.decimals}f}" if isinstance(value, Figure) else str(value)
        for name, value in sentence.values.items()
    }


def test_the_last_months_that_can_be_looked_back_on_are_told_together(source: Source) -> None:
    """Not a month alone; not one whose horizon ends after the report's month."""
    rates = (Decimal("75"), Decimal("37.5"), Decimal("1.5"), Decimal("1.25"))
    later = dt.date(2025, 5, 1)
    insert(
        source, "fct_surge_backtest_monthly",
        (LAST, "month", 12, 1, 9, 9, 9, 9, 9, *rates, None),
        (LAST, "to_date", 12, 4, 3, 1, 3, 5, 2, *rates, None),
        (dt.date(2025, 3, 1), "to_date", 12, 3, 8, 8, 8, 8, 8, *rates, None),
        (later, "to_date", 12, 5, 7, 7, 7, 7, 7, *rates, None),
    )  # fmt: skip
    table = backtest.table(source)
    assert told(table) == [
        ["Warned of", "3", "1"],
        ["Not warned of", "3", "5"],
        ["Without a window to look at", "2", None],
    ]
    assert [figures(note) for note in table.notes] == [
        {"months": "4", "last": "2025-04", "horizon": "12", "warnings": "1.25"},
        {"precision": "75.0"}, {"recall": "37.5"}, {"lead": "1.5"}, {},
    ]  # fmt: skip


def test_a_rate_that_is_not_there_is_left_out_and_the_reason_stands(source: Source) -> None:
    insert(
        source, "fct_surge_backtest_monthly",
        (LAST, "to_date", 12, 4, 0, 0, 3, 5, 2, None, Decimal(0), None, Decimal(0), "no_warning"),
    )  # fmt: skip
    notes = backtest.table(source).notes
    assert [figures(note) for note in notes[1:]] == [{"recall": "0.0"}, {}, {}]
    assert notes[2].words.en == "There was no warning in the months counted."


def test_without_actions_delivered_no_rate_is_told(source: Source) -> None:
    row = (LAST, "to_date", 12, 0, *NOTHING, "actions_missing")
    insert(source, "fct_surge_backtest_monthly", row)
    table = backtest.table(source)
    assert (table.rows, table.notes) == ((), ())
    assert table.missing is not None
    assert "none is zero" in table.missing.en
