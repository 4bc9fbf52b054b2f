"""Section 12: which chapter is told, and what is said of its headings.

NOT claimed: what the marts compute (dbt unit tests).
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from reports.impact.figures import shown
from reports.impact.model import Sentence, Table
from reports.impact.sections import goods_of_month
from reports.impact.source import Source
from tests.unit.reports.impact.hand_made_release import BILLION, MONTH, insert, release, told

_VALUE = "customs_value_vnd"


@pytest.fixture
def source() -> Iterator[Source]:
    with release() as opened:
        yield opened


def flow(dimension: str, code: str, value: int, month: dt.date = MONTH) -> tuple[object, ...]:
    return (month, dimension, code, True, 10, value, Decimal("12.5"))


def growth(dimension: str, code: str, change: int) -> tuple[object, ...]:
    return (MONTH, dimension, "month", _VALUE, code, change, -2500)


def table(source: Source, name: str) -> Table:
    [found] = [one for one in goods_of_month.section(source).tables if one.table_id == name]
    return found


def sentence(source: Source) -> Sentence:
    first = goods_of_month.section(source).parts[0]
    assert isinstance(first, Sentence)
    return first


def test_the_chapter_that_changed_most_is_told_up_or_down(source: Source) -> None:
    """61 fell by more than 64 rose; 85 has most value and changed least; unknown is no goods."""
    insert(
        source, "fct_flows_monthly",
        flow("hs2", "61", 3 * BILLION), flow("hs2", "64", 5 * BILLION),
        flow("hs2", "85", 9 * BILLION), flow("hs2", "unknown", 20 * BILLION),
    )  # fmt: skip
    insert(
        source, "fct_flow_growth_monthly",
        growth("hs2", "61", -BILLION), growth("hs2", "64", BILLION // 2), growth("hs2", "85", 1),
        growth("hs2", "unknown", 9 * BILLION),
        # a change on the year, of parcels or of a heading decides nothing
        (MONTH, "hs2", "year", _VALUE, "85", 9 * BILLION, 1),
        (MONTH, "hs2", "month", "consignments", "85", 9 * BILLION, 1),
    )  # fmt: skip
    first = sentence(source)
    assert first.values["code"] == "61"
    assert "changed most" in first.words.en
    assert shown(first.values["change"], "en") == "−1.0"


def test_where_nothing_is_compared_the_chapter_of_most_value_is_told(source: Source) -> None:
    insert(
        source, "fct_flows_monthly", flow("hs2", "61", 3 * BILLION), flow("hs2", "85", 9 * BILLION)
    )
    first = sentence(source)
    assert first.values["code"] == "85"
    assert "Nothing is compared" in first.words.en


def test_a_month_without_known_goods_says_so_and_has_no_table(source: Source) -> None:
    insert(source, "fct_flows_monthly", flow("hs2", "unknown", BILLION))
    assert goods_of_month.section(source).tables == ()
    assert "No goods" in sentence(source).words.en


def test_headings_of_the_chapter_with_prices_margins_and_warnings(source: Source) -> None:
    """Prices of the channel of most value; another chapter's heading is not there."""
    insert(
        source, "fct_flows_monthly", flow("hs2", "61", 3 * BILLION),
        flow("hs4", "6109", 2 * BILLION), flow("hs4", "6110", BILLION),
        flow("hs4", "6402", BILLION), flow("hs2", "61", BILLION, dt.date(2026, 3, 1)),
    )  # fmt: skip
    insert(
        source, "fct_price_index_monthly",
        (MONTH, "6109", "postal", Decimal(101), Decimal("9"), BILLION),
        (MONTH, "6109", "express", Decimal(99), Decimal("-1.25"), 2 * BILLION),
        (MONTH, "6109", "cargo", None, None, 9 * BILLION),
    )  # fmt: skip
    insert(
        source, "fct_undercutting_monthly",
        (MONTH, "hs4", "6109", "any_match", 12, 9, 1, 2, 1, Decimal(5), Decimal("40"),
         Decimal("38.04"), Decimal("42")),
        (MONTH, "hs4", "6109", "same_name", 3, 2, 1, 2, 1, Decimal(5), Decimal("70"), None, None),
    )  # fmt: skip
    insert(
        source, "fct_surge_alerts_monthly",
        (MONTH, "6109", "express", False), (MONTH, "6109", "postal", True),
        (MONTH, "6110", "express", False),
    )  # fmt: skip
    insert(source, "fct_flow_growth_monthly", growth("hs4", "6109", 1))
    assert told(table(source, "goods_headings")) == [
        ["6109", "2.0", "10", "-25.0", "Express", "-1.2", "40.0", "38.0", "42.0", "Alert"],
        ["6110", "1.0", "10", None, None, None, None, None, None, ""],
    ]
    assert [row[0] for row in told(table(source, "goods_series"))] == ["2026-03", "2026-04"]


def test_sources_add_up_over_provinces(source: Source) -> None:
    insert(source, "fct_flows_monthly", flow("hs2", "61", 3 * BILLION))
    insert(
        source, "fct_import_flows_monthly",
        (MONTH, "61", "CN", "P1", "01", 4, BILLION), (MONTH, "61", "CN", "P1", "79", 5, BILLION),
        (MONTH, "61", "KR", "P1", "79", 1, BILLION), (MONTH, "64", "CN", "P1", "79", 9, BILLION),
    )  # fmt: skip
    assert told(table(source, "goods_sources")) == [
        ["CN", "Shop One", "2.0", "9"],
        ["KR", "Shop One", "1.0", "1"],
    ]
