"""What section 3 says of types of platforms and of industries: the unknown last, and in the whole.

NOT claimed: what the marts compute (dbt unit tests).
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from reports.impact.sections import kinds
from reports.impact.source import Source
from tests.unit.reports.impact.hand_made_release import BILLION, MONTH, insert, release, told


@pytest.fixture
def source() -> Iterator[Source]:
    with release() as opened:
        yield opened


def test_types_of_platforms_end_with_what_is_not_known(source: Source) -> None:
    rows = (
        (MONTH, "unstated", 0, 5 * BILLION, 9, Decimal("50")),
        (MONTH, "direct", 1, 2 * BILLION, 1, Decimal("20")),
        (MONTH, "intermediary", 2, 3 * BILLION, 4, Decimal("30")),
        (dt.date(2026, 3, 1), "integrated", 1, BILLION, 1, Decimal("100")),
    )
    insert(source, "fct_platform_type_flows_monthly", *rows)
    assert told(kinds.tables(source)[0]) == [
        ["Intermediary platform", "2", "3.0", "4", "30.0"],
        ["Direct platform", "1", "2.0", "1", "20.0"],
        ["Not stated", "0", "5.0", "9", "50.0"],
    ]


def test_industries_end_with_what_is_not_allocated(source: Source) -> None:
    rows = (
        (MONTH, "unknown", 9 * BILLION, 3, Decimal("90"), 0),
        (MONTH, "C27", BILLION // 2, 1, Decimal("5"), BILLION // 2),
        (MONTH, "C14", BILLION // 2, 2, Decimal("5"), 0),
    )
    insert(source, "fct_industry_flows_monthly", *rows)
    assert told(kinds.tables(source)[1]) == [
        ["Apparel", "C14", "0.5", "2", "5.0", "0.0"],
        ["Electrical", "C27", "0.5", "1", "5.0", "0.5"],
        ["Unknown", "", "9.0", "3", "90.0", "0.0"],
    ]


def test_both_languages_name_the_same_numbers(source: Source) -> None:
    """Of the words themselves; figures stand once for both."""
    tables = kinds.tables(source)
    words = [table.title for table in tables] + [c.label for t in tables for c in t.columns]
    words += [kinds._TYPES_NOTE, kinds._INDUSTRIES_NOTE]
    apart = [w for w in words if set(re.findall(r"\d+", w.vi)) != set(re.findall(r"\d+", w.en))]
    assert apart == []
