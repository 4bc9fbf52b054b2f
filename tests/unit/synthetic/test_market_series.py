"""The invented series add up and are published before they are used; no level is claimed."""

import datetime as dt
from collections import defaultdict

import pytest

from synthetic.market_series import Figure, figures
from synthetic.parameters import DEFAULT_SEED, SyntheticParameters

LAST_DAY = dt.date(2026, 11, 15)
AGGREGATES = ("cross_border_value", "cross_border_landed_value", "cross_border_consignments")


@pytest.fixture(scope="module")
def rows() -> list[Figure]:
    return list(figures(SyntheticParameters(), seed=DEFAULT_SEED, last_day=LAST_DAY))


def whole_and_parts(rows: list[Figure]) -> dict[tuple[str, dt.date, str], tuple[int, int]]:
    """(series, month, dimension) -> (the whole, the sum of its members), in millionths."""
    parts: dict[tuple[str, dt.date, str], int] = defaultdict(int)
    whole: dict[tuple[str, dt.date], int] = {}
    for series, member, _, start, value, *_ in rows:
        if series in AGGREGATES and member == "all":
            whole[series, start] = value
        elif series in AGGREGATES:
            parts[series, start, member.partition(":")[0]] += value
    return {key: (whole[key[:2]], sum_) for key, sum_ in parts.items()}


def test_members_of_every_dimension_add_up_to_their_month(rows: list[Figure]) -> None:
    sums = whole_and_parts(rows)
    dimensions = {"platform", "platform_status", "channel", "hs2", "hs4", "origin", "province"}
    assert {key[2] for key in sums} == dimensions
    assert len(sums) == 25 * len(AGGREGATES) * len(dimensions)
    assert [key for key, (whole, parts) in sums.items() if whole != parts] == []


def test_a_member_left_out_would_be_found(rows: list[Figure]) -> None:
    left = [row for row in rows if row[1] != "origin:CN"]
    assert any(whole != parts for whole, parts in whole_and_parts(left).values())


def test_nothing_is_published_after_the_last_day(rows: list[Figure]) -> None:
    """The last whole month, October, came out on 6 November; November's own figures are not out."""
    months = {row[3] for row in rows if row[2] == "month"}
    assert max(row[6] for row in rows) == dt.date(2026, 11, 6)
    assert (min(months), max(months), len(months)) == (
        dt.date(2024, 10, 1), dt.date(2026, 10, 1), 25,
    )  # fmt: skip


def test_before_the_sixth_the_last_month_is_not_out() -> None:
    early = figures(SyntheticParameters(), seed=DEFAULT_SEED, last_day=dt.date(2026, 11, 5))
    assert max(row[3] for row in early if row[2] == "month") == dt.date(2026, 9, 1)


def test_every_figure_says_that_it_is_invented(rows: list[Figure]) -> None:
    assert {row[7:] for row in rows} == {("synthetic", "SYN", "invented")}


def test_what_a_partner_sent_has_what_came_beside_it(rows: list[Figure]) -> None:
    """Of one year, in one unit, and within a quarter of each other."""
    sides: dict[str, dict[tuple[str, dt.date, str], int]] = {
        "partner_exports": {},
        "imports_from_partner": {},
    }
    for series, member, kind, start, value, unit, *_ in rows:
        if series in sides:
            assert (kind, start) == ("year", dt.date(2025, 1, 1))
            sides[series][member, start, unit] = value
    sent, came = sides["partner_exports"], sides["imports_from_partner"]
    assert sent.keys() == came.keys()
    assert {member.partition(":")[0] for member, _, _ in sent} == {"CN", "KR", "TH"}
    assert all(75 <= 100 * sent[key] / came[key] <= 125 for key in sent)
    assert sent != came
