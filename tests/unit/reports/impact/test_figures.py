"""Numbers, dates and sentences as each language writes them, by hand.

NOT claimed: that a number is right; marts and their tests say that.
"""

import datetime as dt
from decimal import Decimal

import pytest

from contracts.facts import Words
from reports.impact.figures import month_name, shown, told
from reports.impact.model import Cell, Figure, Sentence


@pytest.mark.parametrize(
    ("cell", "vi", "en"),
    [
        (Figure(1234567), "1.234.567", "1,234,567"),
        (Figure(Decimal("1234.56"), 1), "1.234,6", "1,234.6"),
        (Figure(Decimal("0.25"), 1), "0,2", "0.2"),  # half to even
        (Figure(Decimal("0.35"), 1), "0,4", "0.4"),
        (Figure(Decimal("-2.5"), 1), "−2,5", "−2.5"),
        (Figure(Decimal("-0.04"), 1), "0,0", "0.0"),  # no minus zero
        (Figure(Decimal(10) ** 12, 2), "1.000.000.000.000,00", "1,000,000,000,000.00"),
        (None, "–", "–"),
        (dt.date(2026, 11, 9), "9/11/2026", "9 November 2026"),
        (Words("sàn", "platform"), "sàn", "platform"),
        ("A1", "A1", "A1"),
    ],
)  # fmt: skip
def test_a_cell_in_both_languages(cell: Cell, vi: str, en: str) -> None:
    assert (shown(cell, "vi"), shown(cell, "en")) == (vi, en)


def test_a_sentence_takes_its_values_and_misses_none() -> None:
    words = Words("Tháng {month}: {value} tỷ đồng", "In {month}: VND {value} bn")
    values = {"month": Words("mười một", "November"), "value": Figure(Decimal("7.25"), 1)}
    assert told(Sentence(words, values), "vi") == "Tháng mười một: 7,2 tỷ đồng"
    assert told(Sentence(words, values), "en") == "In November: VND 7.2 bn"
    with pytest.raises(KeyError):
        told(Sentence(words), "vi")


def test_months() -> None:
    assert month_name(dt.date(2026, 2, 1), "vi") == "2/2026"
    assert month_name(dt.date(2026, 2, 1), "en") == "February 2026"
