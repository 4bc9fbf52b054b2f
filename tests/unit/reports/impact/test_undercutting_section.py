"""What sections 5 and 10 say of the gap to domestic prices, at the limits of its interval.

NOT claimed: what the mart computes (tests/golden/test_undercutting.py).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from reports.impact.model import Figure, Sentence
from reports.impact.sections import undercutting, winners
from reports.impact.source import Source
from tests.unit.reports.impact.hand_made_release import BILLION, MONTH, insert, release


@pytest.fixture
def source() -> Iterator[Source]:
    with release() as opened:
        yield opened


def compared(low: str | None, high: str | None, margin: str = "10") -> tuple[Any, ...]:
    """All goods of the month: nine tenths of a billion paid where it is one at home."""
    ends = (None if end is None else Decimal(end) for end in (low, high))
    return (MONTH, "total", "all", "any_match", 40, 30, 9 * BILLION // 10, BILLION, BILLION // 10,
            Decimal("12.5"), Decimal(margin), *ends)  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "margin", "said"),
    [
        ("0.0001", "20", "10", "below the matched domestic product in {under} of {all}"),
        ("0", "20", "10", "no statistically clear difference"),
        ("-20", "0", "-10", "no statistically clear difference"),
        ("-20", "-0.0001", "-10", "the weighted average is above it"),
    ],
)
def test_the_headline_follows_the_whole_interval(
    source: Source, low: str, high: str, margin: str, said: str
) -> None:
    insert(source, "fct_undercutting_monthly", compared(low, high, margin))
    told = undercutting.headline(source)
    assert told is not None
    assert said in told.words.en
    assert told.values["low"] == Figure(Decimal(low), 1)


def test_without_an_interval_there_is_no_headline_and_no_saving(source: Source) -> None:
    insert(source, "fct_undercutting_monthly", compared(None, None))
    assert undercutting.headline(source) is None
    assert len([p for p in winners.section(source).parts if isinstance(p, Sentence)]) == 1


def test_the_saving_is_the_gap_of_what_was_compared(source: Source) -> None:
    insert(source, "fct_undercutting_monthly", compared("5", "15"))
    saving = winners.section(source).parts[0]
    assert isinstance(saving, Sentence)
    assert {
        name: f"{value.value:.{value.decimals}f}"
        for name, value in saving.values.items()
        if isinstance(value, Figure)
    } == {
        "rate": "12.5",
        "paid": "0.90",
        "home": "1.00",
        "gap": "0.10",
        "low": "5.0",
        "high": "15.0",
    }
